/** 04-calling-all-nodes: one call, whatever the other end does. */
import { concat } from "../../wire/bytes";
import { type PeerScript, refusingAddress } from "../../checks/fakes/scripted-peer";

import { getVersionMessage } from "../../peer/handshake";
import {
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
import { CHECKSUM_OFFSET } from "../shared/header-offsets";
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

/** Plans, each with the words for it: "when …". */
type Plans = readonly (readonly [when: string, plan: PeerScript])[];

const CUTS: Plans = [
  ["when version and what follows come in one chunk", { chunks: [concat([BTCD.version, BTCD.after])] }],
  ["when the bytes come one by one", { chunks: byteByByte(BTCD.version) }],
  ["when the header is cut in two", { chunks: cutAt(10, BTCD.version) }],
  ["when the payload is cut in two", { chunks: cutAt(80, BTCD.version) }],
];

const BEFORE_VERSION: Plans = [
  ["when a ping comes before version", { chunks: [PING, BTCD.version] }],
  [
    "when three messages come before version, in one chunk",
    { chunks: [concat([WTXIDRELAY, SENDADDRV2, PING, BTCD.version])] },
  ],
];

const SILENT: Plans = [["when the peer takes the call and says nothing", {}]];

const SLOW: Plans = [
  ["when a byte comes every tenth of a second", { chunks: byteByByte(BTCD.version), pauseMs: 100 }],
  ["when pings come without end, and no version", { chunks: [PING], pauseMs: 100, forever: true }],
];

const HANGING_UP: Plans = [
  ["when the peer hangs up at once", { hangsUp: true }],
  [
    "when the peer hangs up after half of its version",
    { chunks: [BTCD.version.subarray(0, 60)], hangsUp: true },
  ],
];

const NOT_BITCOIN: Plans = [
  [
    "when a web server answers",
    { chunks: [Buffer.from("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")] },
  ],
  ["when the magic is another network's", { chunks: [damaged(BTCD.version, 0)] }],
  ["when the checksum is wrong", { chunks: [damaged(BTCD.version, CHECKSUM_OFFSET)] }],
];

/** A check of all plans at once: each of them is a peer of its own. */
function forAll(
  plans: Plans,
  expect: (when: string, outcome: Awaited<ReturnType<typeof callPeer>>) => void | Promise<void>,
): Check<Answer>["run"] {
  return async (answer, signal) => {
    const calls = plans.map(async ([when, plan]) => expect(when, await callPeer(when, answer, plan, signal)));
    await Promise.all(calls);
  };
}

function whole({ version, after }: RecordedReply): PeerScript {
  return { chunks: [version, after] };
}

/** Longer than a call may take, so that it is the call that is named as never finished. */
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
      run: forAll([["when all goes well", whole(BTCD)]], (_when, outcome) => expectOurVersion(outcome)),
    },
    {
      name: "The peer's version message comes back",
      limitMs,
      async run(answer, signal) {
        const calls = [BTCD, OLD_PEER].map(async (peer) => {
          const when = `from ${peer.from}`;
          expectVersion(when, await callPeer(when, answer, whole(peer), signal), peer.message);
        });
        await Promise.all(calls);
      },
    },
    {
      name: "It comes back however the bytes are cut",
      limitMs,
      run: forAll(CUTS, (when, outcome) => expectVersion(when, outcome, BTCD.message)),
    },
    {
      name: "Messages that come before version are passed over",
      limitMs,
      run: forAll(BEFORE_VERSION, (when, outcome) => expectVersion(when, outcome, BTCD.message)),
    },
    {
      name: "A peer at an IPv6 address is called just so",
      limitMs,
      async run(answer, signal) {
        const plan: PeerScript = { ...whole(BTCD), host: "::1" };
        const outcome = await callPeer("at ::1", answer, plan, signal).catch(ifNoIPv6);
        if (outcome) expectVersion("at ::1", outcome, BTCD.message);
      },
    },
    {
      name: "A call that nobody takes is given up on after a second",
      limitMs,
      run: (answer, signal) => callHangingAddress(answer, expectGivenUp, signal),
    },
    {
      name: "A peer that says nothing is given up on after a second",
      limitMs,
      run: forAll(SILENT, expectGivenUp),
    },
    {
      name: "So is a peer that talks too slowly, or only of other things",
      limitMs,
      run: forAll(SLOW, expectGivenUp),
    },
    {
      name: "A peer that hangs up is an error",
      limitMs,
      run: forAll(HANGING_UP, expectFailure),
    },
    {
      name: "An address where nobody listens is an error",
      limitMs,
      async run(answer) {
        const address = await refusingAddress();
        const when = "when nobody listens";
        expectFailure(when, await outcomeOf(when, () => answer(address)));
      },
    },
    {
      name: "Bytes that are not Bitcoin's are an error",
      limitMs,
      run: forAll(NOT_BITCOIN, expectFailure),
    },
    {
      name: "The socket is closed, whatever happened",
      limitMs,
      run: forAll(
        [["when all went well", whole(BTCD)], ...SILENT, ...SLOW, ...HANGING_UP, ...NOT_BITCOIN],
        expectClosed,
      ),
    },
  ],
  wrongAnswers: wrongCallers,
});

/** Some computers have no IPv6: there is nothing to check then. */
function ifNoIPv6(error: NodeJS.ErrnoException): undefined {
  if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") return undefined;
  throw error;
}
