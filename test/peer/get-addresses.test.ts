import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { addressString, type AddressTuple, getAddresses } from "@course/lib/peer";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { AddrMessage, type KnownAddress, OUR_VERSION, serializePacket } from "@course/lib/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
  test("tells of 23% of what gossip knows, each address once", async () => {
    const { known } = (await (await fetch(network.api)).json()) as { known: number };
    expect(known).toBeGreaterThan(6 * PEERS);
    const told = strings(await getAddresses(polite[0]));
    expect(told).toHaveLength(Math.ceil(known * 0.23));
    expect(new Set(told).size).toBe(told.length);
  });

  test("tells of the network's peers and of addresses that nobody has, all on loopback", async () => {
    const told = strings(await getAddresses(polite[0]));
    const peers = told.filter((address) => all.has(address)).length;
    expect(peers).toBeGreaterThan(0.08 * told.length);
    expect(peers).toBeLessThan(0.25 * told.length);
    expect(told.filter((address) => !/^(127\.|\[::1\])/.test(address))).toEqual([]);
  });

  test("tells every caller the same, and another peer tells something else", async () => {
    const [first, again, other] = await Promise.all(
      [polite[0], polite[0], polite[1]].map((peer) => getAddresses(peer)),
    );
    expect(strings(again)).toEqual(strings(first));
    const both = strings(other).filter((address) => strings(first).includes(address)).length;
    expect(both).toBeGreaterThan(0.1 * other.length);
    expect(both).toBeLessThan(0.6 * other.length);
  });

  test("says when it last heard of them, which is never in the future", async () => {
    const times = (await getAddresses(polite[0])).map(({ time }) => time);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() / 1000);
  });
});

const ADDRESS: KnownAddress = { time: 1, services: 1n, host: "192.0.2.1", port: 8333 };
const addr = (count: number) =>
  serializePacket("addr", new AddrMessage(Array.from({ length: count }, () => ADDRESS)).toBytes());

/** A peer that answers our version with these packets, and hangs up. */
async function peerSaying(...packets: Uint8Array[]): Promise<AddressTuple> {
  const { address } = await listen((socket) => socket.once("data", () => socket.end(Buffer.concat(packets))));
  return address;
}

test("few addresses, which a peer tells unasked, are passed over", async () => {
  const peer = await peerSaying(OUR_VERSION, addr(1), addr(10), addr(11), addr(12));
  expect(await getAddresses(peer)).toHaveLength(11);
});

test("a peer that hangs up without any is an error", async () => {
  await expect(getAddresses(await peerSaying(OUR_VERSION, addr(1)))).rejects.toMatchObject({
    code: "CLOSED",
  });
});

test("a peer that is silent is given up on when its time is over", async () => {
  const { address } = await listen(() => {});
  const asked = getAddresses(address, 50);
  await expect(asked).rejects.toMatchObject({ code: "ANSWER_TIMEOUT" });
});
