import { once } from "node:events";
import net from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { crawl } from "@course/lib/crawl";
import { type AddressTuple, DEFAULT_TIMEOUT_MS, visit, type Visit } from "@course/lib/peer";
import {
  BEHAVIOUR_NAMES,
  type BehaviourName,
  type GroundTruth,
  type PracticeNetwork,
  servePracticeNetwork,
} from "@course/lib/practice";
import { OUR_VERSION, type Packet, PROTOCOL_ERRORS, readPackets, VersionMessage } from "@course/lib/wire";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";

/** All that a crawl meets except those who answer as they should, or are not there. */
const HOSTILE = BEHAVIOUR_NAMES.filter((name) => !/^polite|^refusing$/.test(name));
/** Enough that each of them occurs. */
const PEERS = 150;
const CONCURRENCY = 50;
/** What a busy machine may take on top of the times that we allow. */
const SLACK_MS = 1500;
const MEGABYTE = 1024 * 1024;

let network: PracticeNetwork;
let truth: GroundTruth[];

beforeAll(async () => {
  network = await servePracticeNetwork({ peers: PEERS, latency: 0, behaviours: HOSTILE });
  truth = await network.truth();
});
afterAll(() => network.close());

const tuple = (address: string): AddressTuple => nodesToAddressTuples({ [address]: [0, "", 0, 0, 0] })[0];

/** Visits everybody, so many at once, as a crawl does or one `visit` each; the visits stand where their addresses do. */
const CRAWLERS = {
  async crawl(addresses: AddressTuple[]): Promise<Visit[]> {
    const visits = new Map<AddressTuple, Visit>();
    for await (const visited of crawl(addresses, { concurrency: CONCURRENCY }))
      visits.set(visited.address, visited);
    return addresses.map((address) => visits.get(address)!);
  },
  async visit(addresses: AddressTuple[]): Promise<Visit[]> {
    const visits: Visit[] = [];
    const queue = addresses.entries();
    const work = async () => {
      for (const [i, address] of queue) visits[i] = await visit(address);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return visits;
  },
};

const crawlAll = (how: keyof typeof CRAWLERS) => CRAWLERS[how](truth.map(({ address }) => tuple(address)));
const noneIsOpen = () => vi.waitFor(async () => expect((await network.statistics()).open).toBe(0), 10_000);
const resources = () =>
  process.getActiveResourcesInfo().filter((name) => /^TCP|^Timeout|^Immediate/.test(name));

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that are in use, inside of V8's heap and outside, when all garbage is gone. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe("a network of nothing but hostile peers", () => {
  test("has each of them, nobody else, and every error that bytes can have", () => {
    expect(new Set(truth.map(({ behaviour }) => behaviour))).toEqual(new Set(HOSTILE));
    const outcomes = new Set(truth.map(({ outcome }) => outcome));
    for (const code of Object.keys(PROTOCOL_ERRORS)) expect(outcomes).toContain(code);
  });

  test.each(["visit", "crawl"] as const)(
    "ends each %s with the code that the truth says, within its time",
    async (how) => {
      const visits = await crawlAll(how);
      const found = visits.map(({ error }, i) => [truth[i].behaviour, error?.code ?? "version"]);
      expect(found).toEqual(truth.map(({ behaviour, outcome }) => [behaviour, outcome]));
      for (const { startedAt, endedAt } of visits) {
        expect(endedAt - startedAt).toBeLessThan(2 * DEFAULT_TIMEOUT_MS + SLACK_MS);
      }
    },
  );

  test.each(["visit", "crawl"] as const)(
    "leaves after each %s no socket open and no memory in use, on neither side",
    async (how) => {
      await crawlAll(how); // what is kept for good is there after the first crawl
      await noneIsOpen();
      const before = { resources: resources(), memory: memoryInUse() };
      for (let round = 0; round < 3; round++) await crawlAll(how);
      await noneIsOpen();
      expect(resources()).toEqual(before.resources);
      // Buffers are freed some time after their objects: what leaks never is.
      await vi.waitFor(() => expect(memoryInUse() - before.memory).toBeLessThan(MEGABYTE), 10_000);
    },
  );
});

/** The first peer of that manner, its truth and a visit to it. */
async function call(behaviour: BehaviourName): Promise<{ peer: GroundTruth; visited: Visit }> {
  const peer = truth.find((entry) => entry.behaviour === behaviour)!;
  return { peer, visited: await visit(tuple(peer.address)) };
}

/** A connection to the first peer of that manner, which has been told who we are. */
async function introduce(behaviour: BehaviourName): Promise<net.Socket> {
  const [host, port] = tuple(truth.find((entry) => entry.behaviour === behaviour)!.address);
  const socket = net.connect({ host, port });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(OUR_VERSION);
  return socket;
}

/** The first `length` bytes that a peer says, or some more, as they are cut. */
async function chunksOf(behaviour: BehaviourName, length: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await introduce(behaviour)) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (Buffer.concat(chunks).length >= length) break;
  }
  return chunks;
}

/** The first `count` packets that a peer says. */
async function packetsOf(behaviour: BehaviourName, count: number): Promise<Packet[]> {
  const packets: Packet[] = [];
  for await (const packet of readPackets(await introduce(behaviour))) {
    packets.push(packet);
    if (packets.length === count) break;
  }
  return packets;
}

const commandsOf = (packets: Packet[]) => packets.map(({ command }) => command);

describe("a peer that gives its version message all the same", () => {
  test.each<BehaviourName>([
    "no-relay-byte",
    "non-utf-8-user-agent",
    "pings-first",
    "two-versions",
    "in-pieces",
  ])("%s: is heard as the truth says", async (behaviour) => {
    const { peer, visited } = await call(behaviour);
    const { version, userAgent, startHeight, relay } = peer.versionInfo!;
    expect(visited.versionMessage).toMatchObject({ version, userAgent, startHeight, relay });
  });

  test("without a relay byte: there is none", async () => {
    const { visited } = await call("no-relay-byte");
    expect(visited.versionMessage!.relay).toBeUndefined();
  });

  test("whose user agent is not UTF-8: its bytes are kept, and the API shows text that is", async () => {
    const { peer, visited } = await call("non-utf-8-user-agent");
    const bytes = Buffer.from(visited.versionMessage!.toBytes());
    expect(bytes.includes(Buffer.from("(caf\xe9)/", "latin1"))).toBe(true);
    const { nodes } = (await (await fetch(`${network.api}snapshots/latest/`)).json()) as {
      nodes: Record<string, [number, string]>;
    };
    expect(nodes[peer.address][1]).toMatch(/\(caf\ufffd\)\/$/);
  });

  test("after pings and others: they come before it", async () => {
    const commands = commandsOf(await packetsOf("pings-first", 6));
    expect(commands).toEqual(["ping", "verack", "sendheaders", "nonsense", "ping", "version"]);
  });

  test("twice: as two different nodes", async () => {
    const packets = await packetsOf("two-versions", 3);
    expect(commandsOf(packets)).toEqual(["version", "version", "verack"]);
    expect(VersionMessage.fromBytes(packets[1].payload).userAgent).toBe("/second-thoughts:0.1.0/");
  });
});

describe("a peer that does not", () => {
  test("dribbles byte by byte", async () => {
    const chunks = await chunksOf("dribbling", 20);
    expect(chunks.length).toBeGreaterThan(10);
    expect(Buffer.concat(chunks).toString("latin1")).toMatch(/^\xf9\xbe\xb4\xd9version\0/);
  });

  test("announces four gigabytes, and sends nothing of them", async () => {
    const [header] = await chunksOf("four-gigabytes", 24);
    expect(header.readUInt32LE(16)).toBe(0xffffffff);
    expect(header.length).toBe(24);
  });

  test("has more of a user agent than one chunk holds", async () => {
    const [version] = await packetsOf("endless-user-agent", 1);
    expect(version.payload.length).toBeGreaterThan(65_536);
    expect(() => VersionMessage.fromBytes(version.payload)).toThrow(/got a length of 100006/);
  });
});

describe("a wrong call", () => {
  test.each([
    [["polite"], 'expected behaviours out of polite-modern, polite-old, .*, got "polite"'],
    [[], "expected behaviours out of .*, got none"],
  ])("of behaviours %j is an error that names those there are", async (behaviours, message) => {
    await expect(
      servePracticeNetwork({ peers: 1, behaviours: behaviours as BehaviourName[] }),
    ).rejects.toMatchObject({
      code: "BAD_OPTION",
      message: expect.stringMatching(message),
    });
  });
});
