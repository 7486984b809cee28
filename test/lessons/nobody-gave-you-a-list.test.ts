/** Lesson nine: what its sentences say of a practice network is true of it. */
import { discover, seedAddresses } from "@course/lib/discovery";
import { addressString, canonicalAddress, getAddresses, parseAddress, type Visit } from "@course/lib/peer";
import { joinNetwork, type Network } from "@course/lib/practice";
import { beforeAll, expect, test } from "vitest";
import { usePracticeNetwork } from "../helpers/practice-network";
import { PROGRAM } from "../helpers/limits";

const practice = usePracticeNetwork({ peers: 120, latency: 0 });
let network: Network;
let found: (Visit & { heardOf: number })[];
let known: number;

beforeAll(async () => {
  network = await joinNetwork({ env: { BITNODES_URL: practice().api }, log: () => {} });
  known = ((await (await fetch(network.BITNODES_URL)).json()) as { known: number }).known;
  const start = await seedAddresses([...network.seeds], network.resolver);
  found = [];
  for await (const one of discover(start.slice(0, 5), 100, { timeoutMs: 2000 })) found.push(one);
}, PROGRAM);

test("the seed with the fewest A records is the poisoned one", async () => {
  const { seeds, resolver } = network;
  const answers = await Promise.all(seeds.map((seed) => resolver!.resolve4(seed).catch((): string[] => [])));
  const [fewest] = answers.filter((hosts) => hosts.length > 0).sort((a, b) => a.length - b.length);
  expect(fewest).toContain("192.168.1.1");
});

test("gossip has about six times as many addresses as there are nodes, and most of them do not answer", () => {
  expect(known / practice().peers).toBeGreaterThan(5.5);
  expect(known / practice().peers).toBeLessThan(6.5);
  expect(found.filter(({ error }) => !error).length).toBeLessThan(found.length / 2);
});

test("a few answers name half of what there is to be heard, and the discovery hears of nearly all", () => {
  const { heardOf } = found.at(-1)!;
  const half = found.findIndex((one) => one.heardOf >= heardOf / 2);
  expect(found.slice(0, half + 1).filter(({ told }) => told).length).toBeLessThanOrEqual(6);
  expect(heardOf).toBeGreaterThan(0.97 * known);
  expect(heardOf).toBeLessThanOrEqual(known);
});

test("a peer says the same when it is asked again", async () => {
  const { address } = found.find(({ told }) => told)!;
  const [first, again] = [await getAddresses(address, 60_000), await getAddresses(address, 60_000)];
  const places = (list: typeof first) => list.map(({ host, port }) => addressString([host, port]));
  expect(places(again)).toEqual(places(first));
});

test("the nodes behind Tor are in no addr, so they are missing", async () => {
  const oneSpelling = (text: string) => addressString(canonicalAddress(parseAddress(text)));
  const heard = new Set(found.map(({ address }) => addressString(canonicalAddress(address))));
  const onions = (await practice().truth()).filter(({ address }) => address.includes(".onion:"));
  expect(onions.length).toBeGreaterThan(0);
  expect(onions.filter(({ address }) => heard.has(oneSpelling(address)))).toEqual([]);
});
