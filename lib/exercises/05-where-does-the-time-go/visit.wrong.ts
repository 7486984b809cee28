/** What learners plausibly write instead of `visit`. */
import { getVersionMessage, visit } from "../../peer/handshake";
import { DEFAULT_TIMEOUT_MS, withTimeout } from "../../peer/connect";
import { now } from "../../util/clock";
import { OUR_VERSION } from "../../wire/version-message";
import type { Visit } from "../../peer/visit";
import type { WrongAnswer } from "../../checks/exercise";
import { connected, firstVersionUnclosed } from "../shared/wrong-calls";

const IN_ORDER = "When all goes well, each moment has its time, one after the other";
const CLOCK = "Times are milliseconds of the monotonic clock";
const SILENT = "A peer that says nothing is left after a second: no first byte, and an error that is kept";
const FIRST_BYTE = "The first byte counts when it is the first, whether or not a message comes of it";
const NOBODY = "Where nobody listens there is a start, an error and an end";

const MOMENTS = ["startedAt", "connectedAt", "sentAt", "firstByteAt", "endedAt"] as const;

/** A wrong answer that is right but for its times. */
function withTimes(change: (time: number) => number): typeof visit {
  return async (address) => {
    const right = await visit(address);
    for (const moment of MOMENTS) if (right[moment] !== undefined) right[moment] = change(right[moment]);
    return right;
  };
}

/** One that is right but for what it makes of a visit in the end. */
function withEnd(change: (visit: Visit) => unknown): typeof visit {
  return async (address) => {
    const right = await visit(address);
    change(right);
    return right;
  };
}

export const wrongVisitors: readonly WrongAnswer<typeof visit>[] = [
  { name: "takes the time of day", caughtBy: CLOCK, answer: withTimes((ms) => ms - now() + Date.now()) },
  {
    name: "takes the time since its process began",
    caughtBy: CLOCK,
    answer: withTimes((ms) => ms - now() + performance.now()),
  },
  { name: "measures in seconds", caughtBy: CLOCK, answer: withTimes((ms) => ms / 1000) },
  {
    name: "notes how long each phase took instead of when it ended",
    caughtBy: IN_ORDER,
    answer: withEnd((visit) => {
      const { startedAt, connectedAt = NaN, sentAt = NaN } = visit;
      Object.assign(visit, { connectedAt: connectedAt - startedAt, sentAt: sentAt - connectedAt });
    }),
  },
  {
    name: "throws its errors",
    caughtBy: SILENT,
    answer: withEnd(({ error }) => {
      if (error) throw error;
    }),
  },
  {
    name: "keeps the text of an error instead of the error",
    caughtBy: SILENT,
    answer: withEnd((visit) => (visit.error = visit.error?.message as unknown as Visit["error"])),
  },
  {
    name: "keeps an error of its own, without a code",
    caughtBy: SILENT,
    answer: withEnd((visit) => {
      if (visit.error) visit.error = new Error(visit.error.message) as Visit["error"];
    }),
  },
  {
    name: "notes the end only when all went well",
    caughtBy: SILENT,
    answer: withEnd((visit) => {
      if (visit.error) visit.endedAt = NaN;
    }),
  },
  {
    name: "fills in 0 for what did not happen",
    caughtBy: SILENT,
    answer: withEnd((visit) => (visit.firstByteAt ??= 0)),
  },
  {
    name: "notes the connection when it asks for it",
    caughtBy: NOBODY,
    answer: withEnd((visit) => (visit.connectedAt ??= visit.startedAt)),
  },
  {
    name: "notes the first byte when the message is complete",
    caughtBy: FIRST_BYTE,
    answer: withEnd((visit) => {
      if (visit.error) delete visit.firstByteAt;
    }),
  },
  {
    name: "forgets whom it visited",
    caughtBy: "The visit says whom it was to",
    answer: withEnd((visit) => (visit.address = ["", 0])),
  },
  {
    name: "leaves no time but for the whole",
    caughtBy: IN_ORDER,
    async answer(address) {
      const visit: Visit = { address, startedAt: now(), endedAt: NaN };
      await getVersionMessage(address).then(
        (versionMessage) => (visit.versionMessage = versionMessage),
        (error) => (visit.error = error),
      );
      return { ...visit, endedAt: now() };
    },
  },
  { name: "waits for as long as it takes", caughtBy: SILENT, answer: (address) => unclosed(address, 1e6) },
  {
    name: "leaves its socket open when it fails",
    caughtBy: "The socket is closed, whatever happened",
    answer: (address) => unclosed(address, DEFAULT_TIMEOUT_MS),
  },
];

/** A visit that closes its socket when all went well, and waits `timeoutMs` for an answer. */
async function unclosed(address: Visit["address"], timeoutMs: number): Promise<Visit> {
  const visit: Visit = { address, startedAt: now(), endedAt: NaN };
  try {
    const socket = await connected(address);
    visit.connectedAt = now();
    socket.write(OUR_VERSION);
    visit.sentAt = now();
    socket.once("data", () => (visit.firstByteAt = now()));
    visit.versionMessage = await withTimeout(timeoutMs, "ANSWER_TIMEOUT", firstVersionUnclosed(socket));
    socket.destroy();
  } catch (error) {
    visit.error = error as Visit["error"];
  }
  visit.endedAt = now();
  return visit;
}
