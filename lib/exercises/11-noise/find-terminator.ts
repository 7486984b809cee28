/** 11-noise: where the garbage ends, in bytes that arrive in pieces. */
import { concat, fromHex } from "../../wire/bytes";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { findTerminator, MAX_GARBAGE_LENGTH } from "../../transport/garbage";
import { defineExercise } from "../../checks/exercise";
import { embedded, expectRefused, expectUntouched } from "../shared/byte-checks";
import { PUBLISHED_VECTORS } from "./published-vectors";
import { wrongTerminators } from "./find-terminator.wrong";

type Answer = typeof findTerminator;

const TERMINATOR = fromHex(PUBLISHED_VECTORS[0].receiveTerminator);
/** Begins with what it goes on with: whoever starts anew at each mismatch misses it. */
const REPETITIVE = fromHex("6161616161616161616161616161 6162");
const PACKET = fromHex("7530d2a18720162ac09c25329a60d75adf36eda3c3");

/** Returns this many bytes that look random, and do not have the terminator in them. */
function garbageOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 8) * 31 + 5) % 251);
}

/** Returns what a peer sends after its key. */
function sent(garbage: Uint8Array, terminator: Uint8Array = TERMINATOR): Uint8Array {
  return concat([garbage, terminator, PACKET]);
}

/**
 * Expects the garbage's length from an answer that gets these bytes up to each of the cuts, and then all of them.
 */
function expectFoundInPieces(
  answer: Answer,
  garbage: Uint8Array,
  cuts: readonly number[],
  terminator: Uint8Array = TERMINATOR,
): void {
  const bytes = sent(garbage, terminator);
  let searched = 0;
  for (const length of [...cuts, bytes.length]) {
    const isThere = length >= garbage.length + terminator.length;
    const what = `garbage of ${garbage.length} bytes, with ${length} bytes received and ${searched} of them searched before`;
    const before = searched > 0 ? ([searched] as const) : ([] as const); // at first it is left out
    const found = answer(bytes.slice(0, length), terminator, ...before);
    if (isThere) {
      return expectThat(found === garbage.length, `${what}: expected ${garbage.length}, got ${show(found)}`);
    }
    expectThat(
      found === undefined,
      `${what}: expected undefined while the terminator is not all there, got ${show(found)}`,
    );
    searched = length;
  }
}

export default defineExercise<Answer>({
  id: "findTerminator",
  notebook: "11-noise",
  title: "The end of the garbage",
  points: 4,
  solution: findTerminator,
  source: "transport/garbage.ts",
  randomArguments: (random) => {
    const terminator = random.bytes(16);
    const garbage = random.bytes(random.integer(0, 300));
    const rest = random.chance(0.3) ? new Uint8Array(0) : concat([terminator, random.bytes(20)]);
    return [concat([garbage, rest]), terminator];
  },
  hints: [
    "Think of the three things that can be the case: the terminator is there, it may still come, or it can no longer come. And think of a terminator of which a half was in the bytes that you have searched: where does the next search have to start?",
    "`Buffer.from(bytes).indexOf(terminator, start)` finds bytes within bytes, and gives -1 if they are not there. A terminator of 16 bytes that ends after `searched` cannot begin before `searched - 15`. It must end within the first 4,095 + 16 bytes, so bytes after those are not worth a look.",
    'In this order:\n\n```ts\nconst most = MAX_GARBAGE_LENGTH + terminator.length;\nconst start = Math.max(0, searched - terminator.length + 1);\nconst at = Buffer.from(received.subarray(0, most)).indexOf(terminator, start);\n```\n\nIf `at` is 0 or more, it is the answer. If `received.length` is less than `most`, the answer is `undefined`. Else throw `new ProtocolError("NO_TERMINATOR", …)`, and say in the message what you expected and how much you got.',
  ],
  checks: [
    {
      name: "The garbage ends where the terminator begins",
      run(answer) {
        for (const length of [300, 1, 17]) expectFoundInPieces(answer, garbageOf(length), []);
      },
    },
    {
      name: "There may be no garbage at all",
      run: (answer) => expectFoundInPieces(answer, garbageOf(0), []),
    },
    {
      name: "While the terminator may still come, the answer is undefined",
      run(answer) {
        const garbage = garbageOf(50);
        const bytes = sent(garbage);
        for (const length of [0, 1, 15, 16, 49, 50, 51, 65]) {
          const found = answer(bytes.slice(0, length), TERMINATOR);
          expectThat(
            found === undefined,
            `the first ${length} of 50 bytes of garbage and their terminator: expected undefined, got ${show(found)}`,
          );
        }
      },
    },
    {
      name: "A terminator that is cut in two is found, wherever the cut is",
      run(answer) {
        for (let cut = 39; cut <= 57; cut++) expectFoundInPieces(answer, garbageOf(40), [cut]);
      },
    },
    {
      name: "Bytes may come one by one",
      run(answer) {
        const cuts = Array.from({ length: 56 }, (_, i) => i + 1);
        expectFoundInPieces(answer, garbageOf(40), cuts);
      },
    },
    {
      name: "Bytes of the terminator within the garbage are not its end",
      run(answer) {
        const beginnings = [1, 8, 15].map((length) => concat([TERMINATOR.subarray(0, length), garbageOf(3)]));
        const garbage = concat([garbageOf(9), ...beginnings, TERMINATOR.subarray(1), garbageOf(2)]);
        expectFoundInPieces(answer, garbage, []);
        expectFoundInPieces(answer, fromHex("616161"), [], REPETITIVE);
      },
    },
    {
      name: "Half a byte is no byte: the digits of the terminator must begin with a byte",
      run(answer) {
        // The terminator's digits stand in the garbage, moved by one.
        const digits = `f${PUBLISHED_VECTORS[0].receiveTerminator}f`;
        expectFoundInPieces(answer, concat([fromHex(digits), garbageOf(5)]), []);
      },
    },
    {
      name: "4,095 bytes of garbage are allowed",
      run(answer) {
        expectFoundInPieces(answer, garbageOf(MAX_GARBAGE_LENGTH), []);
        expectFoundInPieces(answer, garbageOf(MAX_GARBAGE_LENGTH), [1460, 2920, 4095, 4110]);
      },
    },
    {
      name: "One more is not: without a terminator in 4,111 bytes there is an error",
      async run(answer) {
        const most = MAX_GARBAGE_LENGTH + TERMINATOR.length;
        const without = garbageOf(most);
        const found = answer(without.subarray(0, most - 1), TERMINATOR);
        expectThat(
          found === undefined,
          `4,110 bytes without a terminator: expected undefined, since the next could be its last, got ${show(found)}`,
        );
        const refused = () => answer(without, TERMINATOR, most - 1);
        await expectRefused("for 4,111 bytes without a terminator", "NO_TERMINATOR", refused);
        const late = sent(garbageOf(MAX_GARBAGE_LENGTH + 1));
        const when = "for 4,096 bytes of garbage, though a terminator follows";
        await expectRefused(when, "NO_TERMINATOR", () => answer(late, TERMINATOR));
      },
    },
    {
      name: "Of two terminators the first counts, and nothing is changed",
      run(answer) {
        const garbage = garbageOf(20);
        const bytes = concat([sent(garbage), TERMINATOR]);
        const view = embedded(bytes);
        expectEqual("the length of the garbage before two terminators", answer(view, TERMINATOR), 20);
        expectUntouched("what was received", view, bytes);
      },
    },
  ],
  wrongAnswers: wrongTerminators,
});
