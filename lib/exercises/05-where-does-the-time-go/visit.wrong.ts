/** What learners plausibly write instead of `visit`. */
import { once } from "node:events";
import { getVersionMessage, visit } from "../../peer/handshake";
import { DEFAULT_TIMEOUT_MS, withTimeout } from "../../peer/connect";
import { now } from "../../util/clock";
import { OUR_VERSION } from "../../wire/version-message";
import type { Visit } from "../../peer/visit";
import type { WrongAnswer } from "../../checks/exercise";
import { connected, firstVersion, firstVersionUnclosed } from "../shared/wrong-calls";

const STILL_A_CALL = "It still is a call: the peer receives OUR_VERSION, and its version message comes back";
const IN_ORDER = "When all goes well, all times are set, in their order";
const CLOCK = "Times are milliseconds of the monotonic clock";
const SILENT =
  "A peer that sends nothing is given up after a second: no first byte, and an error in the visit";
const FIRST_BYTE = "The first byte has its time even if the message is never complete";
const REFUSED = "A visit to an address that refuses has a start, an error and an end";

const MOMENTS = ["startedAt", "connectedAt", "sentAt", "firstByteAt", "endedAt"] as const;

/** Returns an answer that is right except for its times. */
function withTimes(change: (time: number) => number): typeof visit {
  return async (address) => {
    const right = await visit(address);
    for (const moment of MOMENTS) if (right[moment] !== undefined) right[moment] = change(right[moment]);
    return right;
  };
}

/** Returns an answer that is right except for what it changes in the visit at the end. */
function withChange(change: (visit: Visit) => unknown): typeof visit {
  return async (address) => {
    const right = await visit(address);
    change(right);
    return right;
  };
}

export const wrongVisitors: readonly WrongAnswer<typeof visit>[] = [
  { name: "uses the time of day", caughtBy: CLOCK, answer: withTimes((ms) => ms - now() + Date.now()) },
  {
    name: "uses the time since its process started",
    caughtBy: CLOCK,
    answer: withTimes((ms) => ms - now() + performance.now()),
  },
  { name: "measures in seconds", caughtBy: CLOCK, answer: withTimes((ms) => ms / 1000) },
  {
    name: "records how long each phase took instead of when it ended",
    caughtBy: IN_ORDER,
    answer: withChange((visit) => {
      const { startedAt, connectedAt = NaN, sentAt = NaN } = visit;
      Object.assign(visit, { connectedAt: connectedAt - startedAt, sentAt: sentAt - connectedAt });
    }),
  },
  {
    name: "throws its errors",
    caughtBy: SILENT,
    answer: withChange(({ error }) => {
      if (error) throw error;
    }),
  },
  {
    name: "keeps the text of an error instead of the error",
    caughtBy: SILENT,
    answer: withChange((visit) => (visit.error = visit.error?.message as unknown as Visit["error"])),
  },
  {
    name: "keeps an error of its own, without a code",
    caughtBy: SILENT,
    answer: withChange((visit) => {
      if (visit.error) visit.error = new Error(visit.error.message) as Visit["error"];
    }),
  },
  {
    name: "records the end only when all went well",
    caughtBy: SILENT,
    answer: withChange((visit) => {
      if (visit.error) visit.endedAt = NaN;
    }),
  },
  {
    name: "fills in 0 for what did not happen",
    caughtBy: SILENT,
    answer: withChange((visit) => (visit.firstByteAt ??= 0)),
  },
  {
    name: "records the connection when it asks for it",
    caughtBy: REFUSED,
    answer: withChange((visit) => (visit.connectedAt ??= visit.startedAt)),
  },
  {
    name: "records the first byte only when the message is complete",
    caughtBy: FIRST_BYTE,
    answer: withChange((visit) => {
      if (visit.error) delete visit.firstByteAt;
    }),
  },
  {
    name: "loses the address",
    caughtBy: "The visit has the address that was visited",
    answer: withChange((visit) => (visit.address = ["", 0])),
  },
  {
    name: "records only the start and the end",
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
  {
    name: "times the first chunk, and reads packets from what comes after it",
    caughtBy: STILL_A_CALL,
    answer: (address) => losingFirstChunk(address, DEFAULT_TIMEOUT_MS),
    message: /no answer within .* had sent all that it had to send: 254 bytes in one chunk.*every chunk/s,
  },
  {
    name: "does so, and waits without a limit",
    caughtBy: STILL_A_CALL,
    answer: (address) => losingFirstChunk(address, 1e6),
    message: /never finished.* received all 130 bytes .* had sent all that it had to send.*every chunk/s,
  },
  { name: "waits without a limit", caughtBy: SILENT, answer: (address) => unclosed(address, 1e6) },
  {
    name: "leaves its socket open when it fails",
    caughtBy: "The socket is closed in every case",
    answer: (address) => unclosed(address, DEFAULT_TIMEOUT_MS),
  },
];

/** Makes a visit that takes the first chunk from the socket before it reads packets. */
async function losingFirstChunk(address: Visit["address"], timeoutMs: number): Promise<Visit> {
  const visit: Visit = { address, startedAt: now(), endedAt: NaN };
  const socket = await connected(address);
  try {
    visit.connectedAt = now();
    socket.write(OUR_VERSION);
    visit.sentAt = now();
    await once(socket, "data");
    visit.firstByteAt = now();
    visit.versionMessage = await withTimeout(timeoutMs, "ANSWER_TIMEOUT", firstVersion(socket));
  } catch (error) {
    visit.error = error as Visit["error"];
  } finally {
    socket.destroy();
  }
  return { ...visit, endedAt: now() };
}

/** Makes a visit that waits up to `timeoutMs` for an answer, and closes its socket only on success. */
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
