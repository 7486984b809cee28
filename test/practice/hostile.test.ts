import net from "node:net";
import { queryObjects } from "node:v8";
import { crawl } from "@course/lib/crawl";
import { type AddressTuple, DEFAULT_TIMEOUT_MS, parseAddress, visit, type Visit } from "@course/lib/peer";
import {
  BEHAVIOUR_NAMES,
  type BehaviourName,
  type GroundTruth,
  servePracticeNetwork,
} from "@course/lib/practice";
import { OUR_VERSION, type Packet, PROTOCOL_ERRORS, VersionMessage } from "@course/lib/wire";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { usePracticeNetwork } from "../helpers/practice-network";
import { commandsOf, connectTo, receive } from "./connections";

/** All behaviours of peers that accept connections, except the polite ones. */
const HOSTILE = BEHAVIOUR_NAMES.filter((name) => !/^polite|^refusing$/.test(name));
/** Enough that each of them occurs. */
const PEERS = 150;

const network = usePracticeNetwork({ peers: PEERS, latency: 0, behaviours: HOSTILE });
let truth: GroundTruth[];
beforeAll(async () => {
  truth = await network().truth();
});

/** Makes a turn of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = ({ error }: Visit) => error?.code ?? "version";
const addressesOf = (peers: GroundTruth[]) => peers.map(({ address }) => parseAddress(address));
const timesOut = ({ outcome }: GroundTruth) => outcome === "ANSWER_TIMEOUT";

/** Crawls the addresses. Peers that answer or hang up have all the time that they need. */
async function crawlAll(addresses: AddressTuple[], timeoutMs: number): Promise<Map<string, string>> {
  const codes = new Map<string, string>();
  for await (const each of crawl(addresses, { concurrency: 50, timeoutMs })) {
    codes.set(String(each.address), codeOf(each));
  }
  return codes;
}

/**
 * Visits all peers with a clock that stands still until the peers without a timeout are done, then goes on
 * to just before the timeout, then to the timeout.
 */
async function visitAll(): Promise<Visit[]> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let started = 0;
  const start = globalThis.setTimeout;
  // Not by vi.spyOn(): the next spy of this process would put back the clock that stands still.
  globalThis.setTimeout = ((...args: Parameters<typeof start>) => (
    started++,
    start(...args)
  )) as typeof start;
  try {
    const ended = new Set<GroundTruth>();
    const visits = truth.map((peer) => visit(parseAddress(peer.address)).finally(() => ended.add(peer)));
    // A visit starts one timer to connect and one to wait for the answer.
    while (started < 2 * PEERS) await turn();
    await Promise.all(visits.filter((_, i) => !timesOut(truth[i])));
    await vi.advanceTimersByTimeAsync(DEFAULT_TIMEOUT_MS - 1);
    expect([...ended].filter(timesOut)).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    return await Promise.all(visits);
  } finally {
    globalThis.setTimeout = start;
    vi.useRealTimers();
  }
}

async function crawlEachKind(): Promise<Map<string, string>> {
  const [slow, prompt] = [truth.filter(timesOut), truth.filter((peer) => !timesOut(peer))];
  const codes = await crawlAll(addressesOf(prompt), 60_000);
  for (const [address, code] of await crawlAll(addressesOf(slow), 200)) codes.set(address, code);
  return codes;
}

describe("a network of hostile peers", () => {
  test("a network with chosen behaviours has each of them, and no others", () => {
    expect(new Set(truth.map(({ behaviour }) => behaviour))).toEqual(new Set(HOSTILE));
  });

  test("the hostile peers cause every ProtocolError, some in v2 alone", () => {
    const outcomes = new Set(truth.flatMap(({ outcome, v2 }) => [outcome, v2.outcome]));
    for (const code of Object.keys(PROTOCOL_ERRORS)) expect(outcomes).toContain(code);
  });

  test("visit() of each hostile peer has the outcome of the ground truth, at the timeout or before", async () => {
    const visits = await visitAll();
    expect(visits.map((each, i) => [truth[i].behaviour, codeOf(each)])).toEqual(
      truth.map(({ behaviour, outcome }) => [behaviour, outcome]),
    );
  });

  test("crawl() of hostile peers has the outcomes of the ground truth", async () => {
    const codes = await crawlEachKind();
    expect(truth.map((peer, i) => [peer.behaviour, codes.get(String(addressesOf(truth)[i]))])).toEqual(
      truth.map(({ behaviour, outcome }) => [behaviour, outcome]),
    );
  });

  // The objects are counted, not their bytes: how many bytes are in use depends on when V8 frees buffers.
  test.each([
    ["visit()", visitAll],
    ["crawl()", crawlEachKind],
  ])("%s of hostile peers leaves no socket and no timer, on neither side", async (_, callAll) => {
    await callAll();
    await noneIsOpen();
    const before = { sockets: queryObjects(net.Socket) as number, resources: resources() };
    await callAll();
    await noneIsOpen();
    // What is no leak goes within some turns of the event loop; a leak runs into the test's time limit.
    while ((queryObjects(net.Socket) as number) > before.sockets) await new Promise(setImmediate);
    while (resources().length > before.resources.length) await new Promise(setImmediate);
  });
});

/** Resolves when the peers have no connection any more. */
async function noneIsOpen(): Promise<void> {
  while ((await network().statistics()).open > 0) await turn();
}

function resources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /^TCP|^Timeout|^Immediate/.test(name));
}

/** Returns the first peer with that behaviour. */
const peerOf = (behaviour: BehaviourName) => truth.find((peer) => peer.behaviour === behaviour)!;

/** Connects to the first peer with that behaviour and sends our version message. */
async function sendVersionTo(behaviour: BehaviourName): Promise<net.Socket> {
  const socket = await connectTo(peerOf(behaviour).address);
  socket.write(OUR_VERSION);
  return socket;
}

/** Resolves with the chunks in which the peer sends its first `length` bytes, or a few more. */
async function chunksOf(behaviour: BehaviourName, length: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await sendVersionTo(behaviour)) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (Buffer.concat(chunks).length >= length) break;
  }
  return chunks;
}

async function packetsOf(behaviour: BehaviourName, count: number): Promise<Packet[]> {
  return receive(await sendVersionTo(behaviour), count);
}

describe("hostile peers that send a version message", () => {
  test.each<BehaviourName>([
    "no-relay-byte",
    "non-utf-8-user-agent",
    "pings-first",
    "two-versions",
    "in-pieces",
  ])("a %s peer gives the version message of the ground truth", async (behaviour) => {
    const { address, versionInfo } = peerOf(behaviour);
    const { version, userAgent, startHeight, relay } = versionInfo!;
    const { versionMessage } = await visit(parseAddress(address));
    expect(versionMessage).toMatchObject({ version, userAgent, startHeight, relay });
  });

  test("a no-relay-byte peer sends no relay byte", async () => {
    const { versionMessage } = await visit(parseAddress(peerOf("no-relay-byte").address));
    expect(versionMessage!.relay).toBeUndefined();
  });

  test("a user agent that is not UTF-8 keeps its bytes, and has U+FFFD in the API", async () => {
    const { address } = peerOf("non-utf-8-user-agent");
    const { versionMessage } = await visit(parseAddress(address));
    const bytes = Buffer.from(versionMessage!.toBytes());
    expect(bytes.includes(Buffer.from("(caf\xe9)/", "latin1"))).toBe(true);
    const { nodes } = (await (await fetch(`${network().api}snapshots/latest/`)).json()) as {
      nodes: Record<string, [number, string]>;
    };
    expect(nodes[address][1]).toMatch(/\(caf\ufffd\)\/$/);
  });

  test("a pings-first peer sends five other messages before its version message", async () => {
    const commands = commandsOf(await packetsOf("pings-first", 6));
    expect(commands).toEqual(["ping", "verack", "sendheaders", "nonsense", "ping", "version"]);
  });

  test("a two-versions peer sends another user agent in its second version message", async () => {
    const packets = await packetsOf("two-versions", 3);
    expect(commandsOf(packets)).toEqual(["version", "version", "verack"]);
    expect(VersionMessage.fromBytes(packets[1].payload).userAgent).toBe("/second-thoughts:0.1.0/");
  });
});

describe("hostile peers that send no valid version message", () => {
  test("a dribbling peer sends its version message byte by byte", async () => {
    const chunks = await chunksOf("dribbling", 20);
    expect(chunks.length).toBeGreaterThan(10);
    expect(Buffer.concat(chunks).toString("latin1")).toMatch(/^\xf9\xbe\xb4\xd9version\0/);
  });

  test("a four-gigabytes peer announces 4 GB and sends the header alone", async () => {
    const [header] = await chunksOf("four-gigabytes", 24);
    expect(header.readUInt32LE(16)).toBe(0xffffffff);
    expect(header.length).toBe(24);
  });

  test("an endless-user-agent peer sends a user agent that is longer than a chunk", async () => {
    const [version] = await packetsOf("endless-user-agent", 1);
    expect(version.payload.length).toBeGreaterThan(65_536);
    expect(() => VersionMessage.fromBytes(version.payload)).toThrow(/got a length of 100006/);
  });
});

test.each([
  [["polite"], 'expected behaviours out of polite-modern, polite-old, .*, got "polite"'],
  [[], "expected behaviours out of .*, got none"],
])(
  "servePracticeNetwork() with the behaviours %j throws BAD_OPTION and lists the names",
  async (behaviours, message) => {
    await expect(
      servePracticeNetwork({ peers: 1, behaviours: behaviours as BehaviourName[] }),
    ).rejects.toMatchObject({
      code: "BAD_OPTION",
      message: expect.stringMatching(message),
    });
  },
);
