import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { addressString, type AddressTuple, getAddresses } from "@course/lib/peer";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { AddrV2Message, type KnownAddress, serializePacket } from "@course/lib/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Socket } from "node:net";
import { addr, gossipPeer, made } from "../helpers/gossip";
import { listen } from "../helpers/loopback";

const PEERS = 300;
let network: PracticeNetwork;
let polite: AddressTuple[];
let all: Set<string>;

beforeAll(async () => {
  network = await servePracticeNetwork({ peers: PEERS, latency: 0 });
  const truth = await network.truth();
  all = new Set(truth.map(({ address }) => address));
  const answering = truth.filter(({ behaviour }) => behaviour.startsWith("polite"));
  const keys = answering.map(({ address }) => [address, [0, "", 0, 0, 0]] as const);
  polite = nodesToAddressTuples(Object.fromEntries(keys) as never);
});
afterAll(() => network.close());

const strings = (addresses: readonly KnownAddress[]) =>
  addresses.map(({ host, port }) => addressString([host, port]));

describe("a practice peer that is asked for addresses", () => {
  test("a practice peer sends 23% of the addresses known in its network, each once", async () => {
    const { known } = (await (await fetch(network.api)).json()) as { known: number };
    expect(known).toBeGreaterThan(6 * PEERS);
    const addresses = strings(await getAddresses(polite[0]));
    expect(addresses).toHaveLength(Math.ceil(known * 0.23));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test("a practice peer sends addresses of peers and of no peer, all on loopback", async () => {
    const addresses = strings(await getAddresses(polite[0]));
    const peers = addresses.filter((address) => all.has(address)).length;
    expect(peers).toBeGreaterThan(0.08 * addresses.length);
    expect(peers).toBeLessThan(0.25 * addresses.length);
    expect(addresses.filter((address) => !/^(127\.|\[::1\])/.test(address))).toEqual([]);
  });

  test("a practice peer sends every caller the same addresses, and another peer sends others", async () => {
    const [first, again, other] = await Promise.all(
      [polite[0], polite[0], polite[1]].map((peer) => getAddresses(peer)),
    );
    expect(strings(again)).toEqual(strings(first));
    const both = strings(other).filter((address) => strings(first).includes(address)).length;
    expect(both).toBeGreaterThan(0.1 * other.length);
    expect(both).toBeLessThan(0.6 * other.length);
  });

  test("a practice peer sends the times at which it last saw the addresses, none in the future", async () => {
    const times = (await getAddresses(polite[0])).map(({ time }) => time);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() / 1000);
  });
});

const ADDRESSES = made(12, "192.0.2.1");

test("getAddresses() returns the addresses of all messages of an answer", async () => {
  const peer = await gossipPeer([addr(ADDRESSES), addr(made(3, "192.0.2.2"))]);
  expect(strings(await getAddresses(peer.address))).toEqual(
    [...ADDRESSES, ...made(3, "192.0.2.2")].map(addressString),
  );
});

test("getAddresses() reads an answer that comes in pieces", async () => {
  const bytes = addr(ADDRESSES);
  const peer = await gossipPeer((socket) => {
    socket.setNoDelay(true);
    socket.write(bytes.subarray(0, 100), () => socket.write(bytes.subarray(100)));
  });
  expect(await getAddresses(peer.address)).toHaveLength(ADDRESSES.length);
});

test("getAddresses() is not fooled by the peer's announcement of itself, which comes first", async () => {
  const peer = await gossipPeer((socket) => {
    socket.write(addr([["127.0.0.1", socket.localPort!]]));
    setImmediate(() => socket.write(addr(ADDRESSES)));
  });
  expect(strings(await getAddresses(peer.address))).toEqual(ADDRESSES.map(addressString));
});

test("getAddresses() asks after the handshake, and once", async () => {
  const peer = await gossipPeer([addr(ADDRESSES)]);
  await getAddresses(peer.address);
  expect(peer.received).toEqual(["version", "verack", "getaddr"]);
});

test("getAddresses() of a peer that knows few waits for more, then returns the few", async () => {
  const peer = await gossipPeer([addr(made(3))]);
  expect(await getAddresses(peer.address, 200)).toHaveLength(3);
});

test("getAddresses() of a peer that sends an empty message is an answer of nobody", async () => {
  const peer = await gossipPeer([addr([])]);
  expect(await getAddresses(peer.address, 200)).toEqual([]);
});

test("getAddresses() returns what a peer sent before it closed the connection", async () => {
  const peer = await gossipPeer((socket) => socket.end(addr(ADDRESSES)));
  expect(await getAddresses(peer.address)).toHaveLength(ADDRESSES.length);
});

test("getAddresses() of a peer that closes the connection without an answer rejects with CLOSED", async () => {
  const silent = await gossipPeer((socket) => socket.end());
  const own = await gossipPeer((socket) => socket.end(addr([["127.0.0.1", socket.localPort!]])));
  await expect(getAddresses(silent.address)).rejects.toMatchObject({ code: "CLOSED" });
  await expect(getAddresses(own.address)).rejects.toMatchObject({ code: "CLOSED" });
});

test("getAddresses() of a silent peer rejects with ANSWER_TIMEOUT when its time is over", async () => {
  const { address } = await listen(() => {});
  await expect(getAddresses(address, 50)).rejects.toMatchObject({ code: "ANSWER_TIMEOUT" });
});

test("getAddresses() of a peer that breaks the protocol rejects, whatever it has sent before", async () => {
  const peer = await gossipPeer([addr(ADDRESSES), serializePacket("addr", Uint8Array.of(5))]);
  await expect(getAddresses(peer.address)).rejects.toMatchObject({ code: "MALFORMED" });
});

test("getAddresses() of a peer that sends addresses without end takes about 2,500", async () => {
  const thousand = addr(made(1000));
  const flood = (socket: Socket) => void (!socket.destroyed && socket.write(thousand, () => flood(socket)));
  const known = await getAddresses((await gossipPeer(flood)).address, 60_000);
  expect(known.length).toBeGreaterThanOrEqual(2500);
  expect(known.length).toBeLessThan(3500);
});

test("getAddresses() reads addrv2 too", async () => {
  const addresses = made(11, "192.0.2.1").map(([host, port]) => ({
    time: 1,
    services: 1n,
    networkId: 1,
    host,
    port,
  }));
  const peer = await gossipPeer([serializePacket("addrv2", new AddrV2Message(addresses).toBytes())]);
  expect(strings(await getAddresses(peer.address))).toEqual(strings(addresses));
});
