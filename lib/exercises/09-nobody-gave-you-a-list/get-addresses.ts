/** 09-nobody-gave-you-a-list: one peer, asked whom it knows. */
import { expectEqual, expectThat } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { refusingAddress } from "../../checks/fakes/scripted-peer";
import type { AddressTuple } from "../../peer/address";
import { getAddresses } from "../../peer/get-addresses";
import { serializePacket } from "../../wire/packet";
import {
  addrPacket,
  type GossipScript,
  inventedAddresses,
  knownAt,
  startGossipPeer,
} from "../shared/gossip-peers";
import { expectFailure, outcomeOf } from "../shared/peer-checks";
import { cutAt, PING } from "../shared/recorded-replies";
import { wrongAskers } from "./get-addresses.wrong";
import {
  answering,
  ask,
  type AskAnswer,
  endsSoon,
  failing,
  inParts,
  NEVER_MS,
  textsOf,
} from "./get-addresses-checks";

/** Longer than NEVER_MS, so that the message names the call. */
const limitMs = 6000;
/** How long a caller may take to close its socket once it is done, in milliseconds. */
const CLOSING_MS = 500;

const FIRST = inventedAddresses(20);
const SECOND = inventedAddresses(30, 1000);
const THIRD = inventedAddresses(3, 5000);
const FOURTH = inventedAddresses(15, 6000);
/** The host of all peers here, and a port that the system gives to none. */
const ELSEWHERE: AddressTuple = ["127.0.0.1", 7];

const unasked = (address: AddressTuple) => addrPacket(knownAt([address]));

const HANDSHAKE = "It sends version, waits for the peer's version, and then sends verack and getaddr";
const FIELDS = "The addresses of the answer come back, with time and services";
const CUT = "It comes back however the bytes are divided into chunks";
const PARTS = "An answer in parts is put together";
const SLOWLY = "Parts that come one after the other are all waited for";
const AFTER = "After an answer it waits for a tenth of a second, and not until the time is over";
const OWN = "A peer that announces its own address first has not answered yet";
const FEW = "A few addresses that come unasked are not the end";
const LITTLE = "What a peer has said when its time is over counts, if it is little";
const EMPTY = "An empty message is an answer, too: it knows nobody";
const SILENT = "A peer that says nothing, or nothing but pings, is given up";
const ONLY_OWN = "A peer that names only itself has not answered";
const HANGS_UP = "A peer that hangs up has answered if it has named somebody, and else it is an error";
const INVALID = "An answer that breaks the protocol is an error";
const CLOSED = "The socket is closed in every case";

export default defineExercise<AskAnswer>({
  id: "getAddresses",
  notebook: "09-nobody-gave-you-a-list",
  title: "Whom do you know?",
  points: 5,
  solution: getAddresses,
  source: "peer/get-addresses.ts",
  checksAtOnce: true,
  hints: [
    "It begins as `getVersionMessage` did, and the reading is a loop over `readPackets(socket)` again. Only that it does not end at `version`: that is where you ask. Collect what `addr` messages bring, in a list that is still there when the time is over.",
    "Two clocks. One is `withTimeout` around all of the reading, and what is in your list when it ends counts, if there is anything from somebody else. The other begins with a message of more than ten addresses, which is an answer: a timer that calls `socket.destroy()` after a tenth of a second, and is started anew by the next part. The loop over the packets then ends by itself.",
    'The loop:\n\n```ts\nlet timer: NodeJS.Timeout | undefined;\nfor await (const { command, payload } of readPackets(socket)) {\n  if (command === "version") socket.write(concat([serializePacket("verack"), serializePacket("getaddr")]));\n  if (command !== "addr") continue;\n  const { addresses } = AddrMessage.fromBytes(payload);\n  …            // only the peer\'s own address: continue; none at all: note that it knows nobody\n  known.push(...addresses);\n  if (addresses.length > 10) {\n    clearTimeout(timer);\n    timer = setTimeout(() => socket.destroy(), 100);\n  }\n}\n```\n\nAround it, as in lesson four: `try`, connecting and reading each in a `withTimeout`, and `finally` with `socket.destroy()`. A `catch` in between passes on what is a `ProtocolError`, and any other error if `known` is empty.',
  ],
  checks: [
    {
      name: HANDSHAKE,
      limitMs,
      async run(answer, signal) {
        const when = "when all goes well";
        const { peer, outcome } = await ask(when, answer, { answer: [addrPacket(knownAt(FIRST))] }, signal);
        await peer.closesWithin(CLOSING_MS);
        expectEqual(`${when}: the messages that the peer received`, peer.received, [
          "version",
          "verack",
          "getaddr",
        ]);
        textsOf(when, outcome);
        const mute = await startGossipPeer({ mute: true }, signal);
        await outcomeOf(
          "when the peer never sends its version",
          () => answer(mute.address),
          undefined,
          NEVER_MS,
        );
        expectEqual("when the peer never sends its version: the messages that it received", mute.received, [
          "version",
        ]);
      },
    },
    {
      name: FIELDS,
      limitMs,
      async run(answer, signal) {
        const when = "when the peer knows twenty";
        const known = knownAt(FIRST);
        const { outcome } = await ask(when, answer, { answer: [addrPacket(known)] }, signal);
        textsOf(when, outcome);
        expectEqual(`${when}: what comes back`, outcome.value, known);
      },
    },
    {
      name: CUT,
      limitMs,
      run: answering(
        "when the answer comes in two chunks",
        { answer: cutAt(100, addrPacket(knownAt(FIRST))), pauseMs: 20 },
        FIRST,
      ),
    },
    {
      name: PARTS,
      limitMs,
      run: answering(
        "when the answer comes in three messages",
        { answer: [FIRST, SECOND, THIRD].map((part) => addrPacket(knownAt(part))) },
        FIRST,
        SECOND,
        THIRD,
      ),
    },
    { name: SLOWLY, limitMs, run: inParts([FIRST, SECOND, THIRD, FOURTH]) },
    { name: AFTER, limitMs, run: endsSoon(FIRST) },
    {
      name: OWN,
      limitMs,
      run: answering(
        "when the peer's own address comes first, and the answer a third of a second later",
        { answer: (address) => [unasked(address), addrPacket(knownAt(FIRST))], pauseMs: 300 },
        FIRST,
      ),
    },
    {
      name: FEW,
      limitMs,
      run: answering(
        "when three addresses come first, and the answer a third of a second later",
        { answer: [addrPacket(knownAt(THIRD)), addrPacket(knownAt(FIRST))], pauseMs: 300 },
        THIRD,
        FIRST,
      ),
    },
    {
      name: LITTLE,
      limitMs,
      async run(...given) {
        const three = { answer: [addrPacket(knownAt(THIRD))] };
        const neighbour = { answer: ([host]: AddressTuple) => [unasked([host, ELSEWHERE[1]])] };
        await Promise.all([
          answering("when three addresses come and no more", three, THIRD)(...given),
          answering("when one address comes, on the peer's host with another port", neighbour, [ELSEWHERE])(
            ...given,
          ),
        ]);
      },
    },
    { name: EMPTY, limitMs, run: answering("when the peer knows nobody", { answer: [addrPacket([])] }) },
    {
      name: SILENT,
      limitMs,
      run: failing(
        ["when the peer never sends its version", { mute: true }],
        ["when the peer does not answer getaddr", {}],
        ["when pings come without end", { answer: [PING], pauseMs: 50, forever: true }],
      ),
    },
    {
      name: ONLY_OWN,
      limitMs,
      run: failing(["when the peer names only itself", { answer: (address) => [unasked(address)] }]),
    },
    {
      name: HANGS_UP,
      limitMs,
      async run(...given) {
        const [answer, signal] = given;
        const when = "when the peer hangs up without an answer";
        await failing([when, { hangsUp: true }])(...given);
        const after = "when the peer hangs up after its answer";
        const script = { answer: [addrPacket(knownAt(FIRST))], hangsUp: true };
        await answering(after, script, FIRST)(...given);
        const gone = "when the connection is refused";
        const refusing = await refusingAddress(signal);
        expectFailure(gone, await outcomeOf(gone, () => answer(refusing), undefined, NEVER_MS));
      },
    },
    {
      name: INVALID,
      limitMs,
      run: failing(
        [
          "when the answer ends within an address",
          { answer: [serializePacket("addr", Uint8Array.of(2, 1, 2, 3))] },
        ],
        [
          "when the answer claims to have 1001 addresses",
          {
            answer: [
              serializePacket("addr", Buffer.concat([Uint8Array.of(0xfd, 0xe9, 3), Buffer.alloc(30_030, 1)])),
            ],
          },
        ],
        [
          "when a good message is followed by one that is not",
          { answer: [addrPacket(knownAt(FIRST)), serializePacket("addr", Uint8Array.of(9))] },
        ],
      ),
    },
    {
      name: CLOSED,
      limitMs,
      async run(answer, signal) {
        const scripts: [when: string, script: GossipScript][] = [
          ["when all went well", { answer: [addrPacket(knownAt(FIRST))] }],
          ["when the peer said little", { answer: [addrPacket(knownAt(THIRD))] }],
          ["when the peer said nothing", {}],
          ["when the answer was invalid", { answer: [serializePacket("addr", Uint8Array.of(9))] }],
        ];
        const checks = scripts.map(async ([when, script]) => {
          const { peer } = await ask(when, answer, script, signal);
          const isClosed = await peer.closesWithin(CLOSING_MS);
          expectThat(
            isClosed,
            `${when}: expected the socket to be closed afterwards, got one that is still open`,
          );
        });
        await Promise.all(checks);
      },
    },
  ],
  wrongAnswers: wrongAskers({
    HANDSHAKE,
    FIELDS,
    PARTS,
    SLOWLY,
    AFTER,
    OWN,
    FEW,
    LITTLE,
    EMPTY,
    SILENT,
    ONLY_OWN,
    HANGS_UP,
    INVALID,
    CLOSED,
  }),
});
