import dgram from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import net from "node:net";
import { askSeeds, discover, seedAddresses } from "@course/lib/discovery";
import { addressString, getVersionMessage } from "@course/lib/peer";
import { joinNetwork, type Network, servePracticeNetwork } from "@course/lib/practice";
import { beforeAll, expect, test } from "vitest";
import { practiceNetwork, usePracticeNetwork } from "../helpers/practice-network";

interface Dns {
  port: number;
  names: string[];
  nodePort: number;
}

const DEAD = "seed.rowan.test";
const POISONED = "seed.sumac.test";
/** Old peers have the services 1 and 4 or 1, 4 and 8; those of 2022 have 1, 8 and 1024. */
const practice = usePracticeNetwork({ peers: 400, latency: 0 });
let network: Network;
let dns: Dns;
let honest: string[];

async function dnsOf(api: string): Promise<Dns> {
  return ((await (await fetch(api)).json()) as { dns: Dns }).dns;
}

const join = (practiceUrl: string) => joinNetwork({ env: {}, practiceUrl, log: () => {} });

beforeAll(async () => {
  network = await join(practice().api);
  dns = await dnsOf(practice().api);
  honest = network.seeds.filter((name) => name !== DEAD && name !== POISONED);
});

test("a practice network says at its root where its DNS seeds are, and whoever joins it can ask them", () => {
  expect(dns).toEqual({
    port: expect.any(Number),
    names: network.seeds,
    nodePort: network.resolver!.nodePort,
  });
  expect(network.seeds).toHaveLength(10);
});

test("an honest seed knows 25 peers that answer, on the port that most peers have", async () => {
  const [{ addresses }] = await askSeeds([honest[0]], network.resolver);
  expect(addresses.length).toBeGreaterThanOrEqual(25);
  expect(addresses.every(([host, port]) => host.startsWith("127.") && port === dns.nodePort)).toBe(true);
  await Promise.all(addresses.map(getVersionMessage));
});

test("a seed answers the same each time, and two seeds know different peers", async () => {
  const ask = async (name: string) => network.resolver!.resolve4(name);
  const [first, again, other] = [await ask(honest[0]), await ask(honest[0]), await ask(honest[1])];
  expect(again.sort()).toEqual(first.sort());
  expect(other.sort()).not.toEqual(first);
});

test("all seeds together know each peer once; the dead and the poisoned one cost only themselves", async () => {
  const all = await seedAddresses([...network.seeds], network.resolver);
  expect(all.length).toBeGreaterThan(60);
  expect(new Set(all.map(addressString)).size).toBe(all.length);
  expect(all.map(addressString).sort()).toEqual(
    (await seedAddresses(honest, network.resolver)).map(addressString).sort(),
  );
});

test("the dead seed does not answer, and none of the poisoned one's addresses is a node's", async () => {
  const [dead, poisoned] = await askSeeds([DEAD, POISONED], network.resolver);
  expect(dead).toMatchObject({ addresses: [], error: { code: "ETIMEOUT" } });
  expect(poisoned).toMatchObject({ addresses: [], refused: 8 });
});

test("a name that is no seed's does not exist, and one of another type has no records", async () => {
  const resolver = new Resolver({ timeout: 5000, tries: 1 });
  resolver.setServers([`127.0.0.1:${dns.port}`]);
  await expect(resolver.resolve4("seed.nobody.test")).rejects.toMatchObject({ code: "ENOTFOUND" });
  await expect(resolver.resolve4("constructor")).rejects.toMatchObject({ code: "ENOTFOUND" });
  await expect(resolver.resolveMx(honest[0])).rejects.toMatchObject({ code: "ENODATA" });
});

test("x9. before a seed's name asks for peers with the services 1 and 8, and x809. for some with v2 too", async () => {
  const truth = await practice().truth();
  const services = new Map(truth.map(({ address, versionInfo }) => [address, versionInfo?.services ?? 0]));
  const hosts = await network.resolver!.resolve4(`x9.${honest[0]}`);
  expect(hosts.length).toBeGreaterThan(0);
  expect(hosts.filter((host) => (services.get(`${host}:${dns.nodePort}`)! & 9) !== 9)).toEqual([]);
  await expect(network.resolver!.resolve4(`x809.${honest[0]}`)).rejects.toMatchObject({ code: "ENODATA" });
});

test("the seeds lead to the network", async () => {
  const seeds = await seedAddresses([...honest], network.resolver);
  let answered = 0;
  for await (const visit of discover(seeds, 100)) {
    if (visit.gossip === "ANSWERED" && ++answered > seeds.length) break;
  }
  expect(answered).toBeGreaterThan(seeds.length);
});

test("nothing that is sent to the DNS server ends it", async () => {
  const socket = dgram.createSocket("udp4");
  const nonsense = [
    Buffer.alloc(0),
    Buffer.alloc(12),
    Buffer.alloc(12, 0xff),
    Buffer.from("GET / HTTP/1.1"),
    Buffer.alloc(600, 0xc0),
  ];
  for (const bytes of nonsense) {
    await new Promise((resolve) => socket.send(bytes, dns.port, "127.0.0.1", resolve));
  }
  socket.close();
  const tcp = net.connect(dns.port, "127.0.0.1");
  tcp.on("error", () => {});
  await once(tcp, "connect");
  tcp.write(Buffer.from([0, 4, 1, 2, 3, 4]));
  tcp.resetAndDestroy();
  expect(await network.resolver!.resolve4(honest[0])).toHaveLength(25);
});

test("a practice network that closes takes its DNS server with it, connections included", async () => {
  const own = await servePracticeNetwork({ peers: 3, latency: 0 });
  const { port } = await dnsOf(own.api);
  const tcp = net.connect(port, "127.0.0.1");
  await once(tcp, "connect");
  const gone = once(tcp, "close");
  await own.close();
  await gone;
  const again = dgram.createSocket("udp4").bind(port, "127.0.0.1");
  await once(again, "listening");
  again.close();
});

test("where each peer has a port of its own, a seed knows the one on the port that it is asked about", async () => {
  const own = await practiceNetwork({ peers: 30, latency: 0, layout: "ports" });
  const { seeds, resolver } = await join(own.api);
  const found = await seedAddresses([...seeds], resolver);
  expect(found.length).toBeGreaterThanOrEqual(1);
  await Promise.all(found.map(getVersionMessage));
});
