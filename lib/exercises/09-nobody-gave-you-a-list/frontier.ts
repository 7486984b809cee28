/** 09-nobody-gave-you-a-list: who waits, who is under way, and when it is over. */
import { expectEqual, expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { Frontier } from "../../discovery/frontier";
import { addressString, type AddressTuple, nodeKey } from "../../peer/address";
import { isAddress } from "../shared/address-checks";
import { type FrontierAnswer, wrongFrontiers } from "./frontier.wrong";

const A: AddressTuple = ["192.0.2.1", 8333];
const B: AddressTuple = ["192.0.2.2", 8333];
const C: AddressTuple = ["2001:db8::c", 8333];

/** Each list has the spellings of one address. */
const SPELLINGS: readonly AddressTuple[][] = [
  [A, ["::ffff:192.0.2.1", 8333], ["::FFFF:c000:201", 8333]],
  [C, ["2001:DB8::C", 8333], ["2001:db8:0:0:0:0:0:c", 8333]],
];

type Instance = InstanceType<FrontierAnswer>;

function withAdded(answer: FrontierAnswer, ...addresses: AddressTuple[]): Instance {
  const frontier = new answer();
  for (const address of addresses) frontier.add(address);
  return frontier;
}

function textOf(address: unknown): string {
  if (address === undefined) return "undefined";
  const sentence = `next(): expected an address like ${show(A)}, or undefined, got ${show(address)}`;
  expectThat(isAddress(address), sentence);
  return nodeKey(address);
}

/** Takes all addresses that wait, at most `most`, as text. */
function taken(frontier: Instance, most = 20): string[] {
  const texts: string[] = [];
  while (texts.length < most) {
    const address = frontier.next();
    if (address === undefined) break;
    texts.push(textOf(address));
  }
  return texts;
}

function expectDone(when: string, frontier: Instance, expected: boolean): void {
  expectEqual(`${when}: isDone`, frontier.isDone, expected);
}

const NEW = "add() says whether an address is new";
const SPELLED = "An address is the same however it is spelled";
const ONCE = "next() gives each address once, and then undefined";
const WAITING = "It is not done while an address waits";
const UNDER_WAY = "It is not done while an address is under way";
const AGAIN = "An address that is under way, or finished, is not new";
const TWICE = "Finishing an address twice, or one that is not under way, finishes no other";

export default defineExercise<FrontierAnswer>({
  id: "Frontier",
  notebook: "09-nobody-gave-you-a-list",
  title: "Waiting, under way, done",
  points: 4,
  solution: Frontier,
  source: "discovery/frontier.ts",
  hints: [
    "An address moves on twice: from waiting to under way when `next` gives it, and out of there when it is `finished`. What has to be remembered for ever, though, so that nobody is called twice? That makes three collections. Which of them need an order, and which only answer “is it in there”?",
    "A `Set` of all that were ever added, a list of those that wait, and a `Set` of those under way. JavaScript compares lists by identity, so two equal addresses are two things to a `Set`: put text in, `addressString(canonicalAddress(address))`, which is the same for all spellings. `isDone` looks at two of the three.",
    "```ts\nprivate known = new Set<string>();\nprivate waiting: AddressTuple[] = [];\nprivate underWay = new Set<string>();\n\nadd(address: AddressTuple): boolean {\n  const key = addressString(canonicalAddress(address));\n  if (this.known.has(key)) return false;\n  this.known.add(key);\n  this.waiting.push(address);\n  return true;\n}\n```\n\n`next` takes the first of `waiting` (`shift` gives `undefined` if there is none), notes its key in `underWay` and returns it; `finished` deletes the key there.",
  ],
  checks: [
    {
      name: NEW,
      run(answer) {
        const frontier = new answer();
        const news = [A, B, A, B, C].map((address) => frontier.add(address));
        expectEqual("add() of A, B, A, B, C", news, [true, true, false, false, true]);
      },
    },
    {
      name: SPELLED,
      run(answer) {
        for (const spellings of SPELLINGS) {
          const frontier = new answer();
          for (const [i, spelling] of spellings.entries()) {
            expectEqual(
              `add() of ${addressString(spelling)}, after ${i} other spellings of it`,
              frontier.add(spelling),
              i === 0,
            );
          }
          expectEqual("how many wait then", taken(frontier).length, 1);
        }
      },
    },
    {
      name: "Another port is another address",
      run(answer) {
        const frontier = withAdded(answer, A);
        expectEqual("add() of A's host with port 8334", frontier.add([A[0], 8334]), true);
        expectEqual("how many wait then", taken(frontier).length, 2);
      },
    },
    {
      name: ONCE,
      run(answer) {
        const frontier = withAdded(answer, A, B, A, C);
        const expected = [A, B, C].map(textOf).sort();
        expectEqual("what next() gives, after A, B, A and C were added", taken(frontier).sort(), expected);
        expectEqual("next() when none waits", frontier.next(), undefined);
        expectEqual("next() of a frontier that has nothing", new answer().next(), undefined);
      },
    },
    {
      name: WAITING,
      run(answer) {
        expectDone("of a frontier that has nothing", new answer(), true);
        expectDone("with one added", withAdded(answer, A), false);
        const frontier = withAdded(answer, A, B);
        frontier.finished(frontier.next()!);
        expectDone("with two added and one of them finished", frontier, false);
      },
    },
    {
      name: UNDER_WAY,
      run(answer) {
        const frontier = withAdded(answer, A, B);
        const [first, second] = [frontier.next()!, frontier.next()!];
        expectDone("with both under way, and none waiting", frontier, false);
        frontier.finished(first);
        expectDone("with one finished, and one under way", frontier, false);
        frontier.finished(second);
        expectDone("with both finished", frontier, true);
      },
    },
    {
      name: "One that is under way may name another: then it goes on",
      run(answer) {
        const frontier = withAdded(answer, A);
        const first = frontier.next()!;
        expectEqual("add() of B while A is under way", frontier.add(B), true);
        frontier.finished(first);
        expectDone("with A finished, and B waiting", frontier, false);
        expectEqual("what next() gives", textOf(frontier.next()), textOf(B));
      },
    },
    {
      name: AGAIN,
      run(answer) {
        const frontier = withAdded(answer, A);
        const first = frontier.next()!;
        expectEqual("add() of one that is under way", frontier.add(A), false);
        frontier.finished(first);
        expectEqual("add() of one that is finished", frontier.add(A), false);
        expectEqual("next() after that", frontier.next(), undefined);
        expectDone("after that", frontier, true);
      },
    },
    {
      name: "An address may be finished in another spelling",
      run(answer) {
        for (const [first, second] of SPELLINGS) {
          const frontier = withAdded(answer, first);
          frontier.next();
          frontier.finished(second);
          expectDone(`${addressString(first)} under way, ${addressString(second)} finished`, frontier, true);
        }
      },
    },
    {
      name: TWICE,
      run(answer) {
        const frontier = withAdded(answer, A, B);
        const first = frontier.next()!;
        frontier.next();
        frontier.finished(first);
        frontier.finished(first);
        expectDone("with two under way, the first of which is finished twice", frontier, false);
        const other = withAdded(answer, A);
        other.next();
        other.finished(C);
        expectDone("with A under way, and C finished, which nobody has added", other, false);
      },
    },
    {
      name: "Two frontiers share nothing",
      run(answer) {
        withAdded(answer, A, B);
        expectEqual("add() of A to a second frontier", new answer().add(A), true);
      },
    },
  ],
  wrongAnswers: wrongFrontiers,
});
