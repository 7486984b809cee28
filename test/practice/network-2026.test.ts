import { describe, expect, test } from "vitest";
import { parseSnapshot } from "@course/lib/bitnodes";
import { crawl } from "@course/lib/crawl";
import { joinNetwork } from "@course/lib/practice";
import { addressString, getAddresses, parseAddress } from "@course/lib/peer";
import {
  AddrMessage,
  AddrV2Message,
  type KnownAddressV2,
  OUR_VERSION,
  serializePacket,
} from "@course/lib/wire";
import { isIP } from "node:net";
import { request } from "undici";
import { usePracticeNetwork } from "../helpers/practice-network";
import { connectTo, receive } from "./connections";

const network = usePracticeNetwork({ peers: 300, population: "2026", latency: 0, seed: 2 });

async function page(path: string): Promise<string> {
  const { body } = await request(new URL(path, network().api));
  return body.text();
}

/** Asks a peer for addresses, and resolves with the packet that answers. */
async function askForAddresses(address: string, features: readonly string[]) {
  const socket = await connectTo(address);
  socket.write(OUR_VERSION);
  await receive(socket, 4);
  for (const command of [...features, "verack", "getaddr"]) socket.write(serializePacket(command));
  const [answer] = await receive(socket, 1);
  return answer;
}

async function politePeer(): Promise<string> {
  const truth = await network().truth();
  return truth.find(({ behaviour, address }) => behaviour === "polite-modern" && !address.startsWith("["))!
    .address;
}

describe("the practice network of 2026", () => {
  test("the API of the practice network of 2026 says of which year it is, and lists nodes behind Tor and in I2P at today's heights", async () => {
    expect(JSON.parse(await page("/api/v1/"))).toMatchObject({
      name: "practice",
      population: "2026",
      peers: 300,
    });
    const snapshot = parseSnapshot(await page("/api/v1/snapshots/latest/"));
    expect(snapshot.latest_height).toBe(970_756);
    const hosts = Object.keys(snapshot.nodes).map((name) => parseAddress(name)[0]);
    expect(hosts.filter((host) => host.endsWith(".onion")).length).toBeGreaterThan(350);
    expect(hosts.filter((host) => host.endsWith(".b32.i2p")).length).toBeGreaterThan(100);
    expect(Object.keys(snapshot.nodes).map((name) => addressString(parseAddress(name)))).toEqual(
      Object.keys(snapshot.nodes),
    );
  });

  test("every node of 2026 but those behind Tor and in I2P is on loopback", async () => {
    for (const { address, behaviour } of await network().truth()) {
      const isOverlay = behaviour === "onion" || behaviour === "i2p";
      expect(address).toMatch(isOverlay ? /\.(onion:\d+|b32\.i2p:0)$/ : /^(127\.|\[::1\]|\[::ffff:127\.)/);
    }
  });

  test("a crawl in v2 gets the outcomes and the names of the ground truth", async () => {
    const truth = (await network().truth()).slice(0, network().peers);
    const addresses = truth.map(({ address }) => parseAddress(address));
    const outcomes = new Map<string, string>();
    // Longer than any answer needs on a busy machine, and shorter than the slowest peer's.
    const options = { v2: true, timeoutMs: 4000, concurrency: addresses.length };
    for await (const { address, error, versionMessage } of crawl(addresses, options)) {
      outcomes.set(addressString(address), error?.code ?? versionMessage!.userAgent);
    }
    for (const { address, behaviour, versionInfo, v2 } of truth) {
      const expected = v2.outcome === "version" ? versionInfo!.userAgent : v2.outcome;
      expect(`${behaviour}: ${outcomes.get(address)}`).toBe(`${behaviour}: ${expected}`);
    }
  });

  test("to callers of addr, peers tell of IP addresses alone; to those of addrv2, of other networks too", async () => {
    const peer = await politePeer();
    const plain = await askForAddresses(peer, []);
    const more = await askForAddresses(peer, ["sendaddrv2"]);
    expect([plain.command, more.command]).toEqual(["addr", "addrv2"]);
    const inAddr = AddrMessage.fromBytes(plain.payload).addresses;
    expect(inAddr.every(({ host }) => isIP(host))).toBe(true);
    const inAddrV2 = AddrV2Message.fromBytes(more.payload).addresses;
    const count = (is: (known: KnownAddressV2) => boolean) => inAddrV2.filter(is).length;
    // In the address book that the figures are from there were 30 onion addresses among 61.
    expect(count(({ networkId }) => networkId <= 2)).toBeGreaterThan(400);
    expect(count(({ networkId }) => networkId === 4)).toBeGreaterThan(350);
    const listed = new Set((await network().truth()).map(({ address }) => address));
    const inI2P = inAddrV2.filter(({ networkId }) => networkId === 5);
    expect(inI2P.length).toBeGreaterThan(0);
    expect(inI2P.every(({ host, port }) => listed.has(addressString([host, port])))).toBe(true);
    expect(count(({ host, port }) => listed.has(addressString([host, port])))).toBeLessThan(300);
  });

  test("a node of the fleet tells fewer addresses than others", async () => {
    const truth = await network().truth();
    const isFleet = (userAgent?: string) => userAgent === "/Satoshi:27.0.0/";
    const named = truth.filter(
      ({ behaviour, versionInfo }) => behaviour === "polite-modern" && isFleet(versionInfo?.userAgent),
    );
    const told = await Promise.all(named.map(({ address }) => getAddresses(parseAddress(address))));
    expect(Math.min(...told.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });

  test("the DNS seeds of 2026 name nodes by their services: x809 is for those that speak v2", async () => {
    const { seeds, resolver } = await joinNetwork({ env: { BITNODES_URL: network().api }, log() {} });
    const honest = seeds.find((name) => name === "seed.oak.test")!;
    const truth = new Map((await network().truth()).map(({ address, v2 }) => [address, v2.transport]));
    const hosts = await resolver!.resolve4(`x809.${honest}`);
    expect(hosts.length).toBeGreaterThan(10);
    const transports = hosts.map((host) => truth.get(`${host}:${resolver!.nodePort}`));
    expect(transports.filter((transport) => transport === "v2").length).toBeGreaterThan(hosts.length - 3);
  });
});
