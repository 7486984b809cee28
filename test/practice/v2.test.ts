/** Practice peers that speak the encrypted transport (BIP 324), and those that do it badly. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { crawl } from "@course/lib/crawl";
import { parseAddress, type Visit } from "@course/lib/peer";
import {
  BEHAVIOUR_NAMES,
  type BehaviourName,
  type GroundTruth,
  populate,
  servePracticeNetwork,
} from "@course/lib/practice";
import { KeyPair, Transport } from "@course/lib/transport";
import { OUR_VERSION_MESSAGE, type Packet, serviceNames } from "@course/lib/wire";
import { beforeAll, describe, expect, test } from "vitest";
import { usePracticeNetwork } from "../helpers/practice-network";
import { closed, commandsOf, connectTo } from "./connections";

/** Enough that each behaviour occurs. */
const network = usePracticeNetwork({ peers: 160, latency: 0, behaviours: BEHAVIOUR_NAMES, v2: 1 });
let truth: GroundTruth[];
beforeAll(async () => {
  truth = await network().truth();
});

const peerOf = (behaviour: BehaviourName) => truth.find((peer) => peer.behaviour === behaviour)!;

/** Crawls these peers, and returns what each visit was by address. */
async function visitsOf(
  peers: GroundTruth[],
  options: { v2: boolean; timeoutMs: number },
): Promise<Map<string, Visit>> {
  const visits = new Map<string, Visit>();
  const addresses = peers.map(({ address }) => parseAddress(address));
  for await (const visit of crawl(addresses, { concurrency: 30, ...options })) {
    visits.set(String(visit.address), visit);
  }
  return visits;
}

const visitTo = (visits: Map<string, Visit>, { address }: GroundTruth) =>
  visits.get(String(parseAddress(address)))!;
const codeOf = ({ error }: Visit) => error?.code ?? "version";

describe("a crawl of peers of all kinds", () => {
  test("a crawl in v2 gives the transports and outcomes of the ground truth, where peers answer or hang up", async () => {
    const prompt = truth.filter(({ v2 }) => v2.outcome !== "ANSWER_TIMEOUT");
    const visits = await visitsOf(prompt, { v2: true, timeoutMs: 60_000 });
    const found = prompt.map((peer) => [
      peer.behaviour,
      visitTo(visits, peer).transport,
      codeOf(visitTo(visits, peer)),
    ]);
    expect(found).toEqual(prompt.map(({ behaviour, v2 }) => [behaviour, v2.transport, v2.outcome]));
  });

  test("a crawl in v2 times out where the ground truth says so, by the transport that it says", async () => {
    const names = ["v2-wrong-terminator", "garbage", "silent", "half-a-message"] as const;
    const slow = names.map(peerOf);
    const visits = await visitsOf(slow, { v2: true, timeoutMs: 2000 });
    const found = slow.map((peer) => [visitTo(visits, peer).transport, codeOf(visitTo(visits, peer))]);
    expect(found).toEqual([
      ["v2", "ANSWER_TIMEOUT"],
      ["v2", "ANSWER_TIMEOUT"],
      ["v1", "ANSWER_TIMEOUT"],
      ["v1", "ANSWER_TIMEOUT"],
    ]);
    expect(slow.map(({ v2 }) => [v2.transport, v2.outcome])).toEqual(found);
  });

  test("a crawl in v1 has version messages of all who are only bad at v2", async () => {
    const peers = truth.filter(({ behaviour }) => /^v2-|^polite/.test(behaviour));
    const visits = await visitsOf(peers, { v2: false, timeoutMs: 60_000 });
    for (const peer of peers) {
      expect(visitTo(visits, peer).versionMessage?.userAgent).toBe(peer.versionInfo!.userAgent);
      expect(visitTo(visits, peer).transport).toBe("v1");
    }
  });
});

test.each<[BehaviourName, string | undefined, string]>([
  ["polite-modern", "v2", "version"],
  ["polite-old", "v2", "version"],
  ["two-versions", "v2", "version"],
  ["endless-user-agent", "v2", "OVERSIZED"],
  ["too-short", "v2", "MALFORMED"],
  ["wrong-magic", "v1", "BAD_MAGIC"],
  ["refusing", undefined, "REFUSED"],
  ["v2-bit-lies", "v1", "version"],
  ["v2-hanging-up", "v2", "CLOSED"],
  ["v2-endless-garbage", "v2", "NO_TERMINATOR"],
  ["v2-bad-tag", "v2", "BAD_TAG"],
  ["v2-decoy-flood", "v2", "OVERSIZED"],
])("the ground truth of %s peers for a caller in v2 is %s, %s", (behaviour, transport, outcome) => {
  expect(peerOf(behaviour).v2).toEqual({ ...(transport && { transport }), outcome });
});

test("a version message that came encrypted is the peer's own, with the bit for v2", async () => {
  const peers = truth.filter(({ behaviour }) => behaviour === "polite-modern");
  const visits = await visitsOf(peers, { v2: true, timeoutMs: 60_000 });
  for (const peer of peers) {
    const { userAgent, services, startHeight } = visitTo(visits, peer).versionMessage!;
    expect(services).toBe(BigInt(peer.versionInfo!.services));
    expect(serviceNames(services)).toContain("P2P_V2");
    expect([userAgent, startHeight]).toEqual([peer.versionInfo!.userAgent, peer.versionInfo!.startHeight]);
  }
});

/** Sends what `transport` has to send, and gives it what comes, until there are `count` messages. */
async function talk(socket: Socket, transport: Transport, count: number): Promise<Packet[]> {
  const messages: Packet[] = [];
  for (;;) {
    for (let message = transport.next(); message; message = transport.next()) messages.push(message);
    const output = transport.takeOutput();
    if (output.length > 0) socket.write(output);
    if (messages.length >= count) return messages;
    const [chunk] = (await once(socket, "data")) as [Buffer];
    transport.add(chunk);
  }
}

describe("a peer that speaks v2", () => {
  test("a peer that speaks v2 completes the handshake, and answers ping and getaddr, all of it encrypted", async () => {
    const socket = await connectTo(peerOf("polite-modern").address);
    const transport = new Transport("initiator");
    transport.send("version", OUR_VERSION_MESSAGE.toBytes());
    const hello = await talk(socket, transport, 4);
    expect(commandsOf(hello)).toEqual(["version", "wtxidrelay", "sendaddrv2", "verack"]);
    for (const command of ["verack", "ping", "getaddr"])
      transport.send(command, new Uint8Array(command === "ping" ? 8 : 0));
    expect(commandsOf(await talk(socket, transport, 2))).toEqual(["pong", "addr"]);
    expect(transport.protocol).toBe("v2");
  });

  test("a peer that speaks v2 has other keys for each call, also for callers who always have the same", async () => {
    const keyPair = KeyPair.generate();
    const ids = new Set<string>();
    for (let i = 0; i < 16; i++) {
      const transport = new Transport("initiator", { keyPair });
      transport.send("version", OUR_VERSION_MESSAGE.toBytes());
      const socket = await connectTo(peerOf("polite-old").address);
      await talk(socket, transport, 1);
      ids.add(Buffer.from(transport.sessionId!).toString("hex"));
      socket.destroy();
    }
    expect(ids.size).toBe(16);
  });

  test.each([
    ["64 KB without a message", (transport: Transport) => transport.send("block", new Uint8Array(70_000))],
    [
      "a message other than version first",
      (transport: Transport) => transport.send("ping", new Uint8Array(8)),
    ],
  ])("a peer that speaks v2 hangs up on %s", async (_, send) => {
    const transport = new Transport("initiator");
    send(transport);
    const socket = await connectTo(peerOf("polite-old").address);
    const gone = closed(socket);
    void talk(socket, transport, 1).catch(() => {});
    await gone;
  });

  test("a peer that speaks v2 hangs up on garbage without end", async () => {
    const socket = await connectTo(peerOf("polite-old").address);
    const gone = closed(socket);
    socket.resume().write(Buffer.alloc(64 + 4111, 1));
    await gone;
  });
});

describe("the share of peers that speak v2", () => {
  const hasBit = ({ versionInfo }: { versionInfo: { services: number } }) =>
    (versionInfo.services & 2048) !== 0;

  test("no peer speaks v2 if nobody asks for it, since the software of the population is older than BIP 324", () => {
    expect(populate(1, 2000).peers.filter(hasBit)).toEqual([]);
  });

  test("the share of peers that speak v2 is the one that was asked for, among those that are polite, and the peers stay the same", () => {
    const [none, most] = [populate(1, 2000).peers, populate(1, 2000, { v2: 0.8 }).peers];
    const polite = most.filter(({ behaviour }) => behaviour.startsWith("polite"));
    expect(polite.filter(hasBit).length / polite.length).toBeCloseTo(0.8, 1);
    const told = ({ hostNumber, versionInfo: { userAgent }, listing }: (typeof most)[number]) => [
      hostNumber,
      userAgent.replace("(caf\udce9)", ""), // what one behaviour adds
      listing,
    ];
    expect(most.map(told)).toEqual(none.map(told));
  });

  test("the share of peers that speak v2 must be from 0 to 1", async () => {
    await expect(servePracticeNetwork({ peers: 1, v2: 1.5 })).rejects.toMatchObject({
      code: "BAD_OPTION",
      message: "expected a share of peers that speak v2 from 0 to 1, got 1.5",
    });
  });
});
