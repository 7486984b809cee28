import { ASKING_VERSION_MESSAGE, crawl } from "@course/lib/crawl";
import { discover, Frontier } from "@course/lib/discovery";
import { type AddressTuple, nodeKey, parseAddress } from "@course/lib/peer";
import {
  AddrMessage,
  OUR_VERSION_MESSAGE,
  parsePacket,
  serializePacket,
  VersionMessage,
} from "@course/lib/wire";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { discovered, texts, timeoutMs, visitOf } from "../helpers/discoveries";
import { addr, gossipPeer, made, unixNow } from "../helpers/gossip";
import { listen, nobody } from "../helpers/loopback";
import { plainPeer } from "../helpers/peers";
import { usePracticeNetwork } from "../helpers/practice-network";
import { all } from "../helpers/visits";

test("discover() calls the seeds, whom they name, and whom those name", async () => {
  const last = await gossipPeer([addr(made(11))]);
  const middle = await gossipPeer([addr([...made(11), last.address])]);
  const first = await gossipPeer([addr([...made(11), middle.address])]);
  const visits = await discovered([first.address]);
  const answered = visits.filter(({ gossip }) => gossip === "ANSWERED");
  expect(texts(answered)).toEqual(texts([first, middle, last]));
  expect(visits).toHaveLength(3 + 11);
  expect(visits.at(-1)!.heardOf).toBe(14);
});

test("heardOf grows with what the peers name, and counts the seeds", async () => {
  const peer = await gossipPeer([addr(made(20))]);
  const visits = await discovered([peer.address]);
  expect(visitOf(visits, peer)).toMatchObject({ gossip: "ANSWERED", told: 20, heardOf: 21 });
  expect(visits.map(({ heardOf }) => heardOf)).toEqual(Array(21).fill(21));
});

test("an address is called once, however many peers name it and however they spell it", async () => {
  const target = await gossipPeer([addr(made(11))]);
  const mapped: AddressTuple = [`::ffff:${target.address[0]}`, target.address[1]];
  const peers = await Promise.all(
    [target.address, mapped, target.address].map((one) => gossipPeer([addr([...made(11), one])])),
  );
  const visits = await discovered([...peers.map(({ address }) => address), mapped]);
  expect(new Set(texts(visits)).size).toBe(visits.length);
  expect(target.sockets).toHaveLength(1);
});

test("each kind of answer has a word, and none of them is an error of the visit", async () => {
  const own = await gossipPeer((socket) => socket.write(addr([["127.0.0.1", socket.localPort!]])));
  const peers = [
    await gossipPeer([addr(made(11))]),
    await gossipPeer([addr([])]),
    own,
    await gossipPeer([]),
    await gossipPeer((socket) => socket.destroy()),
    await gossipPeer([serializePacket("addr", Uint8Array.of(200))]),
    await gossipPeer([addr(made(3))]),
  ];
  const seeds = peers.map(({ address }) => address);
  const visits = new Map(
    (await discovered(seeds, { timeoutMs: 300 })).map((visit) => [nodeKey(visit.address), visit]),
  );
  expect(seeds.map((seed) => visits.get(nodeKey(seed))!.gossip)).toEqual([
    "ANSWERED",
    "KNOWS_NOBODY",
    "KNOWS_NOBODY",
    "SILENT",
    "HUNG_UP",
    "MALFORMED",
    "ANSWERED",
  ]);
  expect(seeds.filter((seed) => visits.get(nodeKey(seed))!.error)).toEqual([]);
});

test("a peer that cannot be reached has an error, and no word of gossip", async () => {
  const [visit] = await discovered([await nobody()]);
  expect(visit).toMatchObject({ error: { code: "REFUSED" }, heardOf: 1 });
  expect(visit.gossip).toBeUndefined();
});

test("the peer's announcement of itself is not taken for its answer", async () => {
  const other = await gossipPeer([addr(made(11))]);
  const peer = await gossipPeer((socket) => {
    socket.write(addr([["127.0.0.1", socket.localPort!]]));
    setImmediate(() => socket.write(addr([...made(11), other.address])));
  });
  const visits = await discovered([peer.address], { timeoutMs: 500 });
  expect(texts(visits)).toContain(nodeKey(other.address));
});

test("discover() reads all parts of an answer", async () => {
  const peer = await gossipPeer([
    addr(made(11, "127.240.0.1")),
    addr(made(11, "127.240.0.2")),
    addr(made(2, "127.240.0.3")),
  ]);
  const visits = await discovered([peer.address]);
  expect(visitOf(visits, peer).told).toBe(24);
  expect(visits).toHaveLength(1 + 24);
});

test("an addr of more than 1000 addresses is malformed, not a short answer", async () => {
  const count = Uint8Array.of(0xfd, 0xe9, 0x03); // 1001
  const body = Buffer.concat([count, Buffer.alloc(30 * 1001, 1)]);
  const peer = await gossipPeer([serializePacket("addr", body)]);
  const visits = await discovered([peer.address]);
  expect(visits).toHaveLength(1);
  expect(visits[0]).toMatchObject({ gossip: "MALFORMED", told: 0 });
});

test("what a peer named before it broke the protocol is called all the same", async () => {
  const other = await gossipPeer([addr(made(11))]);
  const peer = await gossipPeer([
    addr([...made(11), other.address]),
    serializePacket("addr", Uint8Array.of(9)),
  ]);
  const visits = await discovered([peer.address], { timeoutMs: 500 });
  expect(visitOf(visits, peer).gossip).toBe("MALFORMED");
  expect(texts(visits)).toContain(nodeKey(other.address));
});

test("a peer that invents a thousand addresses a message has at most 3,500 of them taken", async () => {
  const thousand = addr(made(1000));
  const flood = (socket: Socket) => void (!socket.destroyed && socket.write(thousand, () => flood(socket)));
  const peer = await gossipPeer(flood);
  const [visit] = await discovered([peer.address], { maxAddresses: 2 });
  expect(visit.told).toBeGreaterThanOrEqual(2500);
  expect(visit.told).toBeLessThanOrEqual(3500);
});

test("maxAddresses ends what inventors of addresses began", async () => {
  let invented = 0;
  const peer = await gossipPeer(() => [addr(made(1000, `127.241.0.${1 + invented++}`))]);
  const frontier = new Frontier();
  const visits = await discovered([peer.address], { frontier, maxAddresses: 50 });
  expect(visits).toHaveLength(50);
  expect(frontier.heardOf).toBe(50);
});

test("addresses that may not be called are not called: neither loopback when a seed is public, nor the rest", async () => {
  const target = await gossipPeer([addr(made(11))]);
  const private_: AddressTuple[] = [
    ["10.0.0.1", 8333],
    ["192.168.1.1", 80],
    ["169.254.169.254", 80],
    target.address,
  ];
  const peer = await gossipPeer([addr([...private_, ...made(11)])]);
  const called: string[] = [];
  const mayCall = (address: AddressTuple) => nodeKey(address) === nodeKey(peer.address);
  for await (const { address } of discover([peer.address], 10, { mayCall, timeoutMs }))
    called.push(nodeKey(address));
  expect(called).toEqual([nodeKey(peer.address)]);
  expect(await discovered([["192.0.2.1", 8333], target.address])).toEqual([]); // not all on loopback, none public
  expect(target.sockets).toHaveLength(0);
});

test("a practice network's gossip leads nowhere but to loopback", async () => {
  const outside: AddressTuple[] = [
    ["192.0.2.1", 8333],
    ["10.0.0.1", 8333],
    ["2001:db8::1", 8333],
  ];
  const peer = await gossipPeer([addr([...outside, ...made(11)])]);
  const visits = await discovered([peer.address]);
  expect(visits).toHaveLength(1 + 11);
});

test("port 0 and port 65,535 of a peer's gossip: one is no address, the other is", async () => {
  const peer = await gossipPeer([addr([["127.240.0.1", 0], ["127.240.0.1", 65_535], ...made(11)])]);
  const visits = await discovered([peer.address]);
  expect(texts(visits)).not.toContain("127.240.0.1:0");
  expect(texts(visits)).toContain("127.240.0.1:65535");
});

test("stale addresses are not called, and neither are those seen in a far future", async () => {
  const now = unixNow();
  const peer = await gossipPeer([
    addr(made(11, "127.240.0.1"), now - 60),
    addr(made(11, "127.240.0.2"), now - 3 * 86_400),
    addr(made(11, "127.240.0.3"), 2 ** 32 - 1),
    addr(made(11, "127.240.0.4"), now + 3600),
  ]);
  const visits = await discovered([peer.address], { maxAgeSeconds: 2 * 86_400 });
  expect(visits).toHaveLength(1 + 11);
});

test("an address that was stale is called when somebody has seen it since", async () => {
  const now = unixNow();
  const target = await gossipPeer([addr(made(11))]);
  const second = await gossipPeer([addr([target.address, ...made(11)], now)]);
  const first = await gossipPeer([
    addr([target.address], now - 90 * 86_400),
    addr([second.address, ...made(11)], now),
  ]);
  await discovered([first.address], { timeoutMs: 500 });
  expect(target.sockets).toHaveLength(1);
});

test("no more addresses of one /24 are called than allowed, and the others are", async () => {
  const peer = await gossipPeer([
    addr([...made(20, "127.240.1.1"), ...made(20, "127.240.1.200"), ...made(3, "127.240.2.1")]),
  ]);
  const visits = await discovered([peer.address], { maxPerGroup: 5 });
  const of = (prefix: string) => texts(visits).filter((text) => text.startsWith(prefix)).length;
  expect([of("127.240.1."), of("127.240.2.")]).toEqual([5, 3]);
});

test("addresses that the frontier has already count for those of their /24", async () => {
  const peer = await gossipPeer([addr([...made(20, "127.240.1.1"), ...made(3, "127.240.2.1")])]);
  const known = made(4, "127.240.1.200");
  const frontier = new Frontier(known);
  const visits = await discovered([peer.address], { maxPerGroup: 5, frontier, known });
  const of = (prefix: string) => texts(visits).filter((text) => text.startsWith(prefix)).length;
  expect([of("127.240.1."), of("127.240.2.")]).toEqual([1, 3]);
});

test("discover() waits for those under way: the only peer that is left may name another", async () => {
  const target = await gossipPeer([addr(made(11))]);
  let release = (): void => {};
  const slow = await gossipPeer((socket) => {
    release = () => void socket.write(addr([...made(11), target.address]));
  });
  const visits = discover([slow.address, await nobody()], 10, { timeoutMs });
  const first = await visits.next();
  expect(first.value).toMatchObject({ error: { code: "REFUSED" } });
  while (!slow.received.includes("getaddr")) await new Promise(setImmediate);
  release();
  const rest = await all({ [Symbol.asyncIterator]: () => visits });
  expect(texts(rest)).toContain(nodeKey(target.address));
});

test("peers are told what versionMessage says, and ASKING_VERSION_MESSAGE if it says nothing", async () => {
  const heard: string[] = [];
  const peer = await listen((socket) =>
    socket.once("data", (bytes: Buffer) => {
      heard.push(VersionMessage.fromBytes(parsePacket(bytes).payload).userAgent);
      socket.end();
    }),
  );
  const versionMessage = new VersionMessage({ ...OUR_VERSION_MESSAGE, userAgent: "/me:1(me@example.org)/" });
  await discovered([peer.address], { versionMessage });
  await discovered([peer.address]);
  expect(heard).toEqual(["/me:1(me@example.org)/", ASKING_VERSION_MESSAGE.userAgent]);
});

test("an error of one's own frontier ends the discovery, and hangs nothing", async () => {
  const peer = await gossipPeer([addr(made(11))]);
  const onNew = (address: AddressTuple) => {
    if (nodeKey(address) !== nodeKey(peer.address)) throw new Error("the disk is full");
  };
  await expect(discovered([peer.address], { onNew })).rejects.toThrow("the disk is full");
  await peer.gone();
});

test("leaving the loop over discover() closes the connections", async () => {
  const slow = await gossipPeer([]);
  const gone = await nobody();
  for await (const visit of discover([slow.address, gone], 10, { timeoutMs })) {
    expect(visit.error).toBeDefined();
    while (!slow.received.includes("getaddr")) await new Promise(setImmediate);
    break;
  }
  await slow.gone();
});

test("no seeds are no network, and a concurrency of 0 is refused", async () => {
  expect(await discovered([])).toEqual([]);
  await expect(all(discover([], 0))).rejects.toThrow(
    "expected `concurrency` to be an integer from 1 and up, got 0",
  );
});

test("memory depends on the addresses, not on how often they are mentioned", async () => {
  const frontier = new Frontier();
  const same = addr(made(1000));
  const peers = await Promise.all(Array.from({ length: 20 }, () => gossipPeer([same, same])));
  const visits = await discovered(
    peers.map(({ address }) => address),
    { frontier },
  );
  expect(visits.reduce((sum, { told = 0 }) => sum + told, 0)).toBe(20 * 2000);
  expect(frontier.heardOf).toBe(1020);
});

test("a frontier that has been called already is not called again", async () => {
  const peer = await gossipPeer([addr(made(11))]);
  const frontier = new Frontier(made(5));
  const visits = await discovered([peer.address], { frontier });
  expect(visits).toHaveLength(1 + 6);
});

const network = usePracticeNetwork({
  peers: 150,
  latency: 0,
  behaviours: [
    "polite-modern",
    "polite-old",
    "pings-first",
    "in-pieces",
    "refusing",
    "hanging-up",
    "garbage",
  ],
});

test("discover() finds the peers of a practice network that answer, and that somebody named", async () => {
  const truth = await network().truth();
  const polite = truth.filter(
    ({ behaviour, address }) => behaviour.startsWith("polite") && address.startsWith("127."),
  );
  const found = new Set<string>();
  for await (const visit of discover([parseAddress(polite[0].address)], 100, { timeoutMs })) {
    if (visit.versionMessage) found.add(nodeKey(visit.address));
  }
  const listed = truth
    .filter(({ behaviour }) => behaviour !== "onion")
    .map(({ address }) => parseAddress(address));
  const answered = (await all(crawl(listed, { timeoutMs }))).filter(({ versionMessage }) => versionMessage);
  expect([...found].sort()).toEqual([...new Set(texts(answered))]);
});

test("with v2, a node of which a peer says that it does not speak it is called in clear text at once", async () => {
  const [inClear, either] = [await plainPeer(), await plainPeer()];
  const known = (services: bigint, [host, port]: AddressTuple) => ({ time: unixNow(), services, host, port });
  const told = [known(1033n, inClear.address), known(1033n + 2048n, either.address)];
  const teller = await gossipPeer([serializePacket("addr", new AddrMessage(told).toBytes())]);
  const visits = await discovered([teller.address], { timeoutMs: 2000, v2: true });
  expect(visits.filter(({ versionMessage }) => versionMessage)).toHaveLength(3);
  expect([inClear.sockets.length, either.sockets.length]).toEqual([1, 2]);
});
