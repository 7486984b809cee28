/** 04-calling-all-nodes: one call, whatever the peer does. */
import { concat } from "../../wire/bytes";
import { expectThat, show } from "../../checks/expect";
import { type PeerScript, refusingAddress } from "../../checks/fakes/scripted-peer";
import { answerPlace } from "../../checks/place/answer-place";
import { addressString, type AddressTuple } from "../../peer/address";
import { PEER_ERRORS } from "../../peer/errors";
import { getVersionMessage } from "../../peer/handshake";
import {
  type AnswerOutcome,
  callHangingAddress,
  callPeer,
  expectClosed,
  expectFailure,
  expectGivenUp,
  expectOurVersion,
  expectVersion,
  outcomeOf,
} from "../shared/peer-checks";
import { type Check, defineExercise } from "../../checks/exercise";
import { CHECKSUM_OFFSET } from "../../wire/packet";
import {
  BTCD,
  byteByByte,
  cutAt,
  damaged,
  OLD_PEER,
  PING,
  type RecordedReply,
  SENDADDRV2,
  WTXIDRELAY,
} from "../shared/recorded-replies";
import { wrongCallers } from "./get-version-message.wrong";

type Answer = typeof getVersionMessage;

/** Scripts, each with a name that begins with "when". */
type Scripts = readonly (readonly [when: string, script: PeerScript])[];

const CUTS: Scripts = [
  ["when version and what follows come in one chunk", { chunks: [concat([BTCD.version, BTCD.after])] }],
  ["when the bytes come one by one", { chunks: byteByByte(BTCD.version) }],
  ["when the header is cut in two", { chunks: cutAt(10, BTCD.version) }],
  ["when the payload is cut in two", { chunks: cutAt(80, BTCD.version) }],
];

const BEFORE_VERSION: Scripts = [
  ["when a ping comes before version", { chunks: [PING, BTCD.version] }],
  [
    "when three messages come before version, in one chunk",
    { chunks: [concat([WTXIDRELAY, SENDADDRV2, PING, BTCD.version])] },
  ],
];

const BEHIND_TOR: AddressTuple = ["expyuzz4wqqyqhjn.onion", 8333];

const SILENT: Scripts = [["when the peer accepts the connection and sends nothing", {}]];

const SLOW: Scripts = [
  ["when a byte comes every tenth of a second", { chunks: byteByByte(BTCD.version), pauseMs: 100 }],
  ["when pings come without end, and no version", { chunks: [PING], pauseMs: 100, forever: true }],
];

const HANGING_UP: Scripts = [
  ["when the peer hangs up at once", { hangsUp: true }],
  [
    "when the peer hangs up after half of its version",
    { chunks: [BTCD.version.subarray(0, 60)], hangsUp: true },
  ],
];

const NOT_BITCOIN: Scripts = [
  [
    "when a web server answers",
    { chunks: [Buffer.from("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")] },
  ],
  ["when the magic is another network's", { chunks: [damaged(BTCD.version, 0)] }],
  ["when the checksum is wrong", { chunks: [damaged(BTCD.version, CHECKSUM_OFFSET)] }],
];

/** Returns a check of all scripts at once, each with its own peer. */
function forAll(
  scripts: Scripts,
  expect: (when: string, outcome: Awaited<ReturnType<typeof callPeer>>) => void | Promise<void>,
): Check<Answer>["run"] {
  return async (answer, signal) => {
    const calls = scripts.map(async ([when, script]) =>
      expect(when, await callPeer(when, answer, script, signal)),
    );
    await Promise.all(calls);
  };
}

/** Expects an error. If it has a code of ours, it is that of a peer that hangs up. */
function expectHungUp(when: string, outcome: AnswerOutcome): void {
  expectFailure(when, outcome);
  const { code } = outcome.error as { code?: unknown };
  expectThat(
    code === "CLOSED" || typeof code !== "string" || !(code in PEER_ERRORS),
    `${when}: expected an error with the code "CLOSED", got one with ${show(code)}`,
  );
}

function sending({ version, after }: RecordedReply): PeerScript {
  return { chunks: [version, after] };
}

/** Longer than a call may take, in milliseconds, so that the message names the call that never finished. */
const limitMs = 4000;

export default defineExercise<Answer>({
  id: "getVersionMessage",
  notebook: "04-calling-all-nodes",
  title: "One call",
  points: 5,
  solution: getVersionMessage,
  source: "peer/handshake.ts",
  checksAtOnce: true,
  hints: [
    "You did it by hand further up: connect, write, and a `for await` over `readPackets(socket)` that stops at the right command. Begin with these three, and see which checks pass; then think about waiting, and about the end.",
    "Three things make it robust. `withTimeout(DEFAULT_TIMEOUT_MS, code, promise)` around connecting, and again around *all* of the reading, so that no single byte can begin the second anew. An error after the loop, for a peer that hung up before its version was here. And `try { … } finally { socket.destroy(); }` around everything after `net.connect`.",
    'Put the reading into a function of its own, because it is one promise that way:\n\n```ts\nasync function readVersion(socket: net.Socket): Promise<VersionMessage> {\n  for await (const packet of readPackets(socket)) {\n    if (packet.command === "version") return VersionMessage.fromBytes(packet.payload);\n  }\n  throw new PeerError("CLOSED", "the peer hung up before its version message was complete");\n}\n```\n\nThen, inside the `try`: await `withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"))`, write `OUR_VERSION`, and return what `withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", readVersion(socket))` gives. There is an `await` in that `return`, too: without it, `finally` comes first.',
  ],
  checks: [
    {
      name: "The peer receives OUR_VERSION, byte for byte",
      limitMs,
      run: forAll([["when all goes well", sending(BTCD)]], (_when, outcome) => expectOurVersion(outcome)),
    },
    {
      name: "The peer's version message comes back",
      limitMs,
      async run(answer, signal) {
        const calls = [BTCD, OLD_PEER].map(async (peer) => {
          const when = `from ${peer.from}`;
          expectVersion(when, await callPeer(when, answer, sending(peer), signal), peer.message);
        });
        await Promise.all(calls);
      },
    },
    {
      name: "It comes back however the bytes are divided into chunks",
      limitMs,
      run: forAll(CUTS, (when, outcome) => expectVersion(when, outcome, BTCD.message)),
    },
    {
      name: "Messages before the version message are skipped",
      limitMs,
      run: forAll(BEFORE_VERSION, (when, outcome) => expectVersion(when, outcome, BTCD.message)),
    },
    {
      name: "A peer at an IPv6 address is called in the same way",
      limitMs,
      async run(answer, signal) {
        const script: PeerScript = { ...sending(BTCD), host: "::1" };
        const outcome = await callPeer("at ::1", answer, script, signal).catch(ifNoIPv6);
        if (outcome) expectVersion("at ::1", outcome, BTCD.message);
      },
    },
    {
      name: "A connection that is never accepted is given up after a second",
      limitMs,
      run: (answer, signal) => callHangingAddress(answer, expectGivenUp, signal),
    },
    {
      name: "A peer that sends nothing is given up after a second",
      limitMs,
      run: forAll(SILENT, expectGivenUp),
    },
    {
      name: "A peer that sends too slowly, or only other messages, is given up after a second",
      limitMs,
      run: forAll(SLOW, expectGivenUp),
    },
    {
      name: "A peer that hangs up is an error",
      limitMs,
      run: forAll(HANGING_UP, expectHungUp),
    },
    {
      name: "An address that refuses the connection is an error",
      limitMs,
      async run(answer, signal) {
        const address = await refusingAddress(signal);
        const when = "when the connection is refused";
        expectFailure(when, await outcomeOf(when, () => answer(address)));
      },
    },
    {
      name: "A name server is asked for nobody: not for a node behind Tor either",
      limitMs,
      async run(answer, signal) {
        const { names } = answerPlace().watchLookups(signal);
        const when = `for ${addressString(BEHIND_TOR)}`;
        expectFailure(when, await outcomeOf(when, () => answer(BEHIND_TOR)));
        const asked = names();
        expectThat(
          asked.length === 0,
          `${when}: expected no name server to be asked, got a question for ${show(asked[0])}. Is \`lookup: noDnsLookup\` beside \`host\` and \`port\`?`,
        );
      },
    },
    {
      name: "Bytes that are no Bitcoin message are an error",
      limitMs,
      run: forAll(NOT_BITCOIN, expectFailure),
    },
    {
      name: "The socket is closed in every case",
      limitMs,
      run: forAll(
        [["when all went well", sending(BTCD)], ...SILENT, ...SLOW, ...HANGING_UP, ...NOT_BITCOIN],
        expectClosed,
      ),
    },
  ],
  wrongAnswers: wrongCallers,
});

/** Ignores the error of a machine without IPv6: there is nothing to check then. */
function ifNoIPv6(error: NodeJS.ErrnoException): undefined {
  if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") return undefined;
  throw error;
}
