/** 10-more-than-one-machine: what a dead worker had goes to one that lives. */
import { expectEqual, expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { takeOver, type TakenOver, type TodoEntry, type TodoList } from "../../frontier/take-over";
import { wrongTakeOvers } from "./take-over.wrong";

type TakeOverAnswer = typeof takeOver;

const NOW = 1_532_314_003_000;
const LEASES = { "machine 1": NOW - 1, "machine 2": NOW + 4000, "machine 3": NOW - 60_000 };

/** Returns an entry of a list: who has it, and how often it was delivered. */
function entry(address: string, worker?: string, deliveries = worker ? 1 : 0): TodoEntry {
  return { address, ...(worker !== undefined && { worker }), deliveries };
}

const A = "192.0.2.1:8333";
const B = "192.0.2.2:8333";
const C = "192.0.2.3:8333";
const D = "192.0.2.4:8333";

function list(...entries: TodoEntry[]): TodoList {
  return { entries, leases: { ...LEASES } };
}

const textOf = ({ address, worker, deliveries }: TodoEntry): string =>
  `${address} ${worker ?? "waits"}, delivered ${deliveries === 1 ? "once" : `${deliveries} times`}`;

/** Calls the answer as machine 2, whose lease holds, unless another worker is named. */
function result(answer: TakeOverAnswer, todo: TodoList, room = 10, worker = "machine 2"): TakenOver {
  const taken: unknown = answer(todo, worker, room, NOW);
  const isResult = (value: unknown): value is TakenOver =>
    typeof value === "object" && value !== null && "entries" in value && "died" in value;
  const sentence = `takeOver: expected { entries: […], died: […] }, got ${show(taken)}`;
  expectThat(isResult(taken), sentence);
  expectThat(Array.isArray(taken.entries) && Array.isArray(taken.died), sentence);
  return taken;
}

function expectEntries(answer: TakeOverAnswer, todo: TodoList, expected: TodoEntry[], room = 10): void {
  const before = todo.entries.map(textOf).join("; ");
  const { entries } = result(answer, todo, room);
  const what = `the entries after machine 2 has taken over with room for ${room}, from (${before}), where machines 1 and 3 are dead`;
  expectEqual(what, entries.map(textOf), expected.map(textOf));
}

const TAKES = "What a dead worker had goes to the worker that takes over, and is delivered once more";
const ALIVE = "What a living worker has stays with it, and so does what is one's own";
const WAITS = "What waits goes on waiting";
const ROOM = "Not more than there is room for, the oldest first";
const ORDER = "The order of the list stays";
const DIED = "What three workers had when they died goes to nobody: it is in `died`, and not in the list";
const DIED_ROOM = "What has died needs no room";
const THIRD = "What two workers had when they died gets a third chance";
const GONE = "A worker without a lease is dead";
const PURE = "The list that was given stays as it was";

export default defineExercise<TakeOverAnswer>({
  id: "takeOver",
  notebook: "10-more-than-one-machine",
  title: "What the dead leave behind",
  points: 4,
  solution: takeOver,
  source: "frontier/take-over.ts",
  randomArguments(random) {
    const workers = [undefined, "machine 1", "machine 2", "machine 3", "machine 4"];
    const entries = Array.from({ length: random.integer(0, 9) }, (_, i) =>
      entry(`192.0.2.${i + 1}:8333`, workers[random.integer(0, 4)], random.integer(1, 3)),
    );
    return [list(...entries), "machine 2", random.integer(0, 5), NOW];
  },
  hints: [
    "Go through the entries one by one. There are three kinds: those that stay as they are, those that change hands, and those that leave the list. What makes an entry one of a dead worker? (Not each entry has a worker, and you are alive, whatever your lease says.)",
    "Make two lists, `entries` and `died`, and a loop. An entry whose `worker` is set, is not you, and has an expired lease was left behind. If it was delivered three times, push its address to `died`. Else, if there is room, push a changed copy, `{ ...entry, worker, deliveries: entry.deliveries + 1 }`, and count the room down. In all other cases push it as it is.",
    "```ts\nconst entries: TodoEntry[] = [];\nconst died: string[] = [];\nfor (const entry of todo.entries) {\n  const isLeft =\n    entry.worker !== undefined && entry.worker !== worker && leaseExpired(todo.leases, entry.worker, now);\n  if (isLeft && entry.deliveries >= 3) died.push(entry.address);\n  else if (isLeft && room > 0) {\n    /* a changed copy, and less room */\n  } else entries.push(entry);\n}\nreturn { entries, died };\n```",
  ],
  checks: [
    {
      name: TAKES,
      run(answer) {
        expectEntries(answer, list(entry(A, "machine 1")), [entry(A, "machine 2", 2)]);
        expectEntries(answer, list(entry(A, "machine 1"), entry(B, "machine 3", 2)), [
          entry(A, "machine 2", 2),
          entry(B, "machine 2", 3),
        ]);
      },
    },
    {
      name: ALIVE,
      run(answer) {
        const todo = list(entry(A, "machine 2"), entry(B, "machine 4"));
        const leases = { ...LEASES, "machine 4": NOW };
        expectEntries(answer, { ...todo, leases }, [entry(A, "machine 2"), entry(B, "machine 4")]);
        // Whoever asks is alive, though its own lease has run out meanwhile.
        const own = result(answer, list(entry(A, "machine 1")), 10, "machine 1");
        expectEqual("what machine 1 has itself, after it took over", own.entries.map(textOf), [
          textOf(entry(A, "machine 1")),
        ]);
      },
    },
    {
      name: WAITS,
      run: (answer) => expectEntries(answer, list(entry(A), entry(B)), [entry(A), entry(B)]),
    },
    {
      name: ROOM,
      run(answer) {
        const left = [A, B, C].map((address) => entry(address, "machine 1"));
        expectEntries(
          answer,
          list(...left),
          [entry(A, "machine 2", 2), entry(B, "machine 2", 2), left[2]],
          2,
        );
        expectEntries(answer, list(...left), left, 0);
      },
    },
    {
      name: ORDER,
      run(answer) {
        const todo = list(entry(A, "machine 1"), entry(B), entry(C, "machine 3"), entry(D));
        expectEntries(answer, todo, [entry(A, "machine 2", 2), entry(B), entry(C, "machine 2", 2), entry(D)]);
      },
    },
    {
      name: DIED,
      run(answer) {
        const todo = list(entry(A, "machine 1", 3), entry(B, "machine 1"), entry(C, "machine 2", 3));
        expectEntries(answer, todo, [entry(B, "machine 2", 2), entry(C, "machine 2", 3)]);
        expectEqual("died", result(answer, todo).died, [A]);
        expectEqual("died, when nobody has", result(answer, list(entry(B, "machine 1"))).died, []);
      },
    },
    {
      name: DIED_ROOM,
      run(answer) {
        const todo = list(entry(A, "machine 1", 3), entry(B, "machine 1"));
        expectEntries(answer, todo, [entry(B, "machine 2", 2)], 1);
        expectEqual("died, with room for none", result(answer, todo, 0).died, [A]);
      },
    },
    {
      name: THIRD,
      run: (answer) => expectEntries(answer, list(entry(A, "machine 1", 2)), [entry(A, "machine 2", 3)]),
    },
    {
      name: GONE,
      run: (answer) => expectEntries(answer, list(entry(A, "machine 9")), [entry(A, "machine 2", 2)]),
    },
    {
      name: PURE,
      run(answer) {
        const todo = list(entry(A, "machine 1"), entry(B, "machine 1", 3), entry(C));
        const before = todo.entries.map(textOf);
        result(answer, todo);
        expectEqual("the list that was given, afterwards", todo.entries.map(textOf), before);
        expectEqual("what an empty list becomes", result(answer, list()), { entries: [], died: [] });
      },
    },
  ],
  wrongAnswers: wrongTakeOvers,
});
