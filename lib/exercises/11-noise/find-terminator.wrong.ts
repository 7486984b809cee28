/** What learners plausibly write instead of `findTerminator`. */
import { toHex } from "../../wire/bytes";
import { ProtocolError } from "../../wire/errors";
import { findTerminator, MAX_GARBAGE_LENGTH } from "../../transport/garbage";
import type { WrongAnswer } from "../../checks/exercise";

const WHOLE = "The garbage ends where the terminator begins";
const WAITING = "While the terminator may still come, the answer is undefined";
const CUT = "A terminator that is cut in two is found, wherever the cut is";
const WITHIN = "Bytes of the terminator within the garbage are not its end";
const MOST = "4,095 bytes of garbage are allowed";
const ONE_MORE = "One more is not: without a terminator in 4,111 bytes there is an error";

export const wrongTerminators: readonly WrongAnswer<typeof findTerminator>[] = [
  {
    name: "searches only what is new",
    caughtBy: CUT,
    answer: (received, terminator, searched = 0) => within(received, terminator, searched),
  },
  {
    name: "searches only what is new, when bytes come one by one",
    caughtBy: "Bytes may come one by one",
    answer: (received, terminator, searched = 0) => within(received, terminator, searched),
  },
  {
    name: "steps back one byte too few",
    caughtBy: CUT,
    answer: (received, terminator, searched = 0) =>
      within(received, terminator, Math.max(0, searched - terminator.length + 2)),
  },
  {
    name: "returns -1 while it is not there",
    caughtBy: WAITING,
    answer: (received, terminator) => Buffer.from(received).indexOf(terminator),
  },
  {
    name: "throws while it is not there",
    caughtBy: WAITING,
    answer(received, terminator) {
      const at = Buffer.from(received).indexOf(terminator);
      if (at < 0) throw new ProtocolError("NO_TERMINATOR", "there is no terminator");
      return at;
    },
  },
  {
    name: "returns where the terminator ends",
    caughtBy: WHOLE,
    answer: (...args) => moved(findTerminator(...args), 16),
  },
  {
    name: "takes a length of 0 for none",
    caughtBy: "There may be no garbage at all",
    answer: (...args) => findTerminator(...args) || undefined,
  },
  {
    name: "looks for the terminator's first byte",
    caughtBy: WITHIN,
    answer: (received, terminator) => found(received.indexOf(terminator[0])),
  },
  {
    name: "compares the first four bytes of the terminator",
    caughtBy: WITHIN,
    answer: (received, terminator) => found(Buffer.from(received).indexOf(terminator.subarray(0, 4))),
  },
  {
    name: "starts anew after each byte that does not fit",
    caughtBy: WITHIN,
    answer(received, terminator) {
      let fitting = 0;
      for (let i = 0; i < received.length; i++) {
        fitting = received[i] === terminator[fitting] ? fitting + 1 : 0;
        if (fitting === terminator.length) return i + 1 - terminator.length;
      }
      return undefined;
    },
  },
  {
    name: "searches in hexadecimal text, where half a byte counts",
    caughtBy: "Half a byte is no byte: the digits of the terminator must begin with a byte",
    answer: (received, terminator) => {
      const at = toHex(received).indexOf(toHex(terminator));
      return at < 0 ? undefined : Math.floor(at / 2);
    },
  },
  {
    name: "makes text of the bytes",
    caughtBy: MOST,
    answer: (received, terminator) =>
      found(Buffer.from(received).toString().indexOf(Buffer.from(terminator).toString())),
  },
  {
    name: "waits for ever",
    caughtBy: ONE_MORE,
    answer: (received, terminator) => found(Buffer.from(received).indexOf(terminator)),
  },
  {
    name: "allows as much garbage as comes, if a terminator ends it",
    caughtBy: ONE_MORE,
    answer(received, terminator, searched) {
      const at = Buffer.from(received).indexOf(terminator);
      return at >= 0 ? at : findTerminator(received, terminator, searched);
    },
  },
  {
    name: "gives up after 4,095 bytes, terminator included",
    caughtBy: MOST,
    answer(received, terminator) {
      const at = within(received.subarray(0, MAX_GARBAGE_LENGTH), terminator, 0);
      if (at === undefined && received.length >= MAX_GARBAGE_LENGTH)
        throw new ProtocolError("NO_TERMINATOR", "expected a terminator, got none");
      return at;
    },
  },
  {
    name: "throws an error without a code",
    caughtBy: ONE_MORE,
    answer(...args) {
      try {
        return findTerminator(...args);
      } catch (error) {
        throw new Error((error as Error).message);
      }
    },
  },
  {
    name: "takes the last terminator",
    caughtBy: "Of two terminators the first counts, and nothing is changed",
    answer: (received, terminator) => found(Buffer.from(received).lastIndexOf(terminator)),
  },
  {
    name: "searches all of the buffer that the bytes are a view into",
    caughtBy: "Of two terminators the first counts, and nothing is changed",
    answer: (received, terminator) => found(Buffer.from(received.buffer).indexOf(terminator)),
  },
];

function found(at: number): number | undefined {
  return at < 0 ? undefined : at;
}

function within(received: Uint8Array, terminator: Uint8Array, start: number): number | undefined {
  return found(Buffer.from(received).indexOf(terminator, start));
}

function moved(at: number | undefined, by: number): number | undefined {
  return at === undefined ? undefined : at + by;
}
