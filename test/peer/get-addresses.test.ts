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

const ADDRESS: KnownAddress = { time: 1, services: 1n, host: "192.0.2.1", port: 8333 };
const addr = (count: number) =>
  serializePacket("addr", new AddrMessage(Array.from({ length: count }, () => ADDRESS)).toBytes());

/** Starts a peer that answers our version with these packets and closes the connection. */
async function peerSending(...packets: Uint8Array[]): Promise<AddressTuple> {
  const { address } = await listen((socket) => socket.once("data", () => socket.end(Buffer.concat(packets))));
  return address;
}

test("getAddresses() skips messages of at most ten addresses, which peers send unasked", async () => {
  const peer = await peerSending(OUR_VERSION, addr(1), addr(10), addr(11), addr(12));
  expect(await getAddresses(peer)).toHaveLength(11);
});

test("getAddresses() of a peer that closes the connection without sending any rejects with CLOSED", async () => {
  await expect(getAddresses(await peerSending(OUR_VERSION, addr(1)))).rejects.toMatchObject({
    code: "CLOSED",
  });
});

test("getAddresses() of a silent peer rejects with ANSWER_TIMEOUT when its time is over", async () => {
  const { address } = await listen(() => {});
  await expect(getAddresses(address, 50)).rejects.toMatchObject({ code: "ANSWER_TIMEOUT" });
});
