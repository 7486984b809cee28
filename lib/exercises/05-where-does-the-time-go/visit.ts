/** 05-where-does-the-time-go: one call, with the time of each of its phases. */
import { concat } from "../../wire/bytes";
import { type PeerScript, refusingAddress } from "../../checks/fakes/scripted-peer";
import { expectEqual } from "../../checks/expect";
import { visit } from "../../peer/handshake";
import {
  callHangingAddress,
  expectClosed,
  expectGivenUp,
  expectNoError,
  expectOurVersion,
  expectVersionFields,
  outcomeOf,
} from "../shared/peer-checks";
import { type Check, defineExercise } from "../../checks/exercise";
import {
  expectFailed,
  expectInOrder,
  expectMoments,
  expectMonotonic,
  requireVisit,
  type Visited,
  visitPeer,
} from "./visit-checks";
import { CHECKSUM_OFFSET } from "../../wire/packet";
import { BTCD, byteByByte, damaged, PING } from "../shared/recorded-replies";
import { wrongVisitors } from "./visit.wrong";

type Answer = typeof visit;

const ALL = ["connectedAt", "sentAt", "firstByteAt"] as const;
const SUCCESS = "when all goes well";
const ANSWERING: PeerScript = { chunks: [concat([BTCD.version, BTCD.after])] };

/** Returns a check of one visit to a peer that follows `script`. */
function visiting(
  when: string,
  script: PeerScript,
  expect: (when: string, visited: Visited) => void | Promise<void>,
): Check<Answer>["run"] {
  return async (answer, signal) => expect(when, await visitPeer(when, answer, script, signal));
}

/** Returns the same check for several peers at once. */
function visitingAll(
  scripts: readonly (readonly [when: string, script: PeerScript])[],
  expect: (when: string, visited: Visited) => void | Promise<void>,
): Check<Answer>["run"] {
  const checks = scripts.map(([when, script]) => visiting(when, script, expect));
  return async (...given) => void (await Promise.all(checks.map(async (check) => check(...given))));
}

/** Expects that the visit failed after a second of waiting. */
function expectTimedOut(when: string, { outcome, visit }: Visited): void {
  expectFailed(when, visit);
  expectGivenUp(when, { ...outcome, isError: true, error: visit.error });
}

const BEGINNINGS = [
  ["when half of a header comes and then nothing", { chunks: [BTCD.version.subarray(0, 10)] }],
  ["when half of a version comes and then nothing", { chunks: [BTCD.version.subarray(0, 60)] }],
  ["when only a ping comes", { chunks: [PING] }],
  ["when a byte comes every tenth of a second", { chunks: byteByByte(BTCD.version), pauseMs: 100 }],
] as const;

const INVALID = [
  ["when a web server answers", { chunks: [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")] }],
  ["when the checksum is wrong", { chunks: [damaged(BTCD.version, CHECKSUM_OFFSET)] }],
] as const;

const HANGING_UP = [
  ["when the peer hangs up at once", { hangsUp: true }],
  ["when the peer hangs up after it has received OUR_VERSION", { hangsUp: true, chunks: [] }],
] as const;

const SILENT = ["when the peer sends nothing", {}] as const;

/** Longer than a call may take, in milliseconds, so that the message names the call that never finished. */
const limitMs = 4000;

export default defineExercise<Answer>({
  id: "visit",
  notebook: "05-where-does-the-time-go",
  title: "A visit with a stopwatch",
  points: 4,
  solution: visit,
  source: "peer/handshake.ts",
  checksAtOnce: true,
  hints: [
    "It is `getVersionMessage` once more, with a note of the time after each step, and with an error that is kept instead of thrown. Begin with the object that you will return: `const record: Visit = { address: address, startedAt: now(), endedAt: NaN };`, and fill it in as you go.",
    'A time is noted in the line after the `await` that it belongs to, so that it is missing by itself when that step fails. The first byte comes in the middle of reading, where you have no line: `socket.once("data", () => (record.firstByteAt = now()));`, just before you read, takes care of it. `catch` keeps the error, `finally` closes the socket and notes the end; return after both.',
    'The frame of it:\n\n```ts\nconst socket = net.connect({ host: host, port: port, lookup: noDnsLookup });\ntry {\n  await withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"));\n  record.connectedAt = now();\n  …                           // write, note sentAt, listen for the first byte, read\n} catch (error) {\n  record.error = toPeerError(error);\n} finally {\n  socket.destroy();\n  record.endedAt = now();\n}\nreturn record;\n```\n\nFor the reading take the function that you wrote in lesson four, the one with `for await (const packet of readPackets(socket))`, and put `withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", …)` around it.',
  ],
  checks: [
    {
      name: "It still is a call: the peer receives OUR_VERSION, and its version message comes back",
      limitMs,
      run: visiting(SUCCESS, ANSWERING, async (when, { outcome, visit }) => {
        await expectOurVersion(outcome);
        expectNoError(when, outcome, visit.error);
        expectVersionFields(`${when}: versionMessage`, visit.versionMessage, BTCD.message);
      }),
    },
    {
      name: "The visit has the address that was visited",
      limitMs,
      async run(answer, signal) {
        const address = await refusingAddress(signal);
        const when = "when the connection is refused";
        expectEqual(
          `${when}: address`,
          requireVisit(when, await outcomeOf(when, () => answer(address))).address,
          address,
        );
      },
    },
    {
      name: "When all goes well, all times are set, in their order",
      limitMs,
      run: visiting(SUCCESS, ANSWERING, (when, { visit }) => {
        expectMoments(when, visit, ALL);
        expectInOrder(when, visit);
      }),
    },
    {
      name: "Times are milliseconds of the monotonic clock",
      limitMs,
      run: visiting(SUCCESS, ANSWERING, expectMonotonic),
    },
    {
      name: "A peer that sends nothing is given up after a second: no first byte, and an error in the visit",
      limitMs,
      run: visiting(...SILENT, (when, visited) => {
        expectTimedOut(when, visited);
        expectMoments(when, visited.visit, ["connectedAt", "sentAt"]);
        expectInOrder(when, visited.visit);
      }),
    },
    {
      name: "The first byte has its time even if the message is never complete",
      limitMs,
      run: visitingAll(BEGINNINGS, (when, visited) => {
        expectTimedOut(when, visited);
        expectMoments(when, visited.visit, ALL);
        expectInOrder(when, visited.visit);
      }),
    },
    {
      name: "A visit to an address that refuses has a start, an error and an end",
      limitMs,
      async run(answer, signal) {
        const address = await refusingAddress(signal);
        const when = "when the connection is refused";
        const visit = requireVisit(when, await outcomeOf(when, () => answer(address)));
        expectFailed(when, visit);
        expectMoments(when, visit, []);
        expectInOrder(when, visit);
      },
    },
    {
      name: "A connection that is never accepted is given up after a second, and has no time",
      limitMs,
      run: (answer, signal) =>
        callHangingAddress(
          answer,
          (when, outcome) => {
            const visit = requireVisit(when, outcome);
            expectFailed(when, visit);
            expectGivenUp(when, { ...outcome, isError: true, error: visit.error });
            expectMoments(when, visit, []);
          },
          signal,
        ),
    },
    {
      name: "A visit to a peer that hangs up has a connection and no first byte",
      limitMs,
      run: visitingAll(HANGING_UP, (when, { visit }) => {
        expectFailed(when, visit);
        expectMoments(when, visit, ["connectedAt"], ["sentAt"]);
        expectInOrder(when, visit);
      }),
    },
    {
      name: "Bytes that are no Bitcoin message are an error in the visit, and have their time",
      limitMs,
      run: visitingAll(INVALID, (when, { visit }) => {
        expectFailed(when, visit);
        expectMoments(when, visit, ALL);
        expectInOrder(when, visit);
      }),
    },
    {
      name: "The socket is closed in every case",
      limitMs,
      run: visitingAll([[SUCCESS, ANSWERING], SILENT, ...BEGINNINGS, ...INVALID], (when, { outcome }) =>
        expectClosed(when, outcome),
      ),
    },
  ],
  wrongAnswers: wrongVisitors,
});
