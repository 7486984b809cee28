import { describe, expect, test } from "vitest";
import { countBy } from "@course/lib/data";
import { BEHAVIOURS, populate } from "@course/lib/practice";
import { ADDRESS_NETWORKS } from "@course/lib/wire";
import profile from "../../lib/practice/profile/network-profile-2026.json";

const { peers, overlay, model } = populate(1, 10_000, { population: "2026" });
type Node = (typeof peers)[number] | (typeof overlay)[number];
const onions = overlay.filter(({ network }) => network === "tor");
const inI2P = overlay.filter(({ network }) => network === "i2p");
const everybody: Node[] = [...peers, ...overlay];

const hasBit = (bit: number) => (node: Node) => Math.floor(node.versionInfo.services / 2 ** bit) % 2 === 1;
const named = (name: RegExp) => (node: Node) => name.test(node.versionInfo.userAgent);
const share = <T>(nodes: readonly T[], is: (node: T) => boolean) => nodes.filter(is).length / nodes.length;

/** Expects a share within four standard errors, and what the odd behaviours may change of it: 1% of it. */
function expectShare<T>(nodes: readonly T[], is: (node: T) => boolean, expected: number): void {
  const tolerance = 4 * Math.sqrt((expected * (1 - expected)) / nodes.length) + 0.01 * expected;
  expect(Math.abs(share(nodes, is) - expected)).toBeLessThan(tolerance);
}

const measured = profile.census2026["shares2026-10-10"];
const kit2025 = profile["kit2025-10"];
const scan = profile.clearnetScans2026.days["2026-07-08"];
const { estimated, fleet2026: fleet } = profile;

describe("the population of 2026", () => {
  test("the same seed gives the same nodes, and none of 2018's addresses in the same order", () => {
    const [one, same] = [1, 2].map(() => populate(7, 40, { population: "2026" }));
    expect([one.peers, one.overlay]).toEqual([same.peers, same.overlay]);
    const hosts = (nodes: { hostNumber: number }[]) => nodes.map(({ hostNumber }) => hostNumber);
    expect(hosts(one.peers)).not.toEqual(hosts(populate(7, 40).peers));
  });

  test("nodes are behind Tor and in I2P as often as they were listed in the census", () => {
    expectShare(
      everybody,
      (node) => "network" in node && node.network === "tor",
      measured.networkOfAllDialled.tor,
    );
    expectShare(
      everybody,
      (node) => "network" in node && node.network === "i2p",
      measured.networkOfAllDialled.i2p,
    );
  });

  test("names behind Tor and in I2P are valid, and I2P has port 0", () => {
    for (const { host } of onions.slice(0, 100)) expect(ADDRESS_NETWORKS[4].bytesOf(host)).toHaveLength(32);
    for (const { host } of inI2P.slice(0, 100)) expect(ADDRESS_NETWORKS[5].bytesOf(host)).toHaveLength(32);
    expect(new Set(inI2P.map(({ port }) => port))).toEqual(new Set([0]));
    expect(new Set(overlay.map(({ host }) => host)).size).toBe(overlay.length);
  });

  test.each<[string, number, (peer: (typeof peers)[number]) => boolean]>([
    ["IPv6", scan.reachableFamily.ipv6 / scan.reachable, ({ family }) => family === "ipv6"],
    ["port 8333", scan.portsOfReachable["8333"] / scan.reachable, ({ port }) => port === 8333],
    ["port 9333", scan.portsOfReachable["9333"] / scan.reachable, ({ port }) => port === 9333],
    ["compact filters", measured.compactFiltersOfAnswered.clearnet, hasBit(6)],
    [
      "the fleet",
      fleet["shareOfClearnet2026-07"],
      ({ listing: { organization } }) => organization === "AKAMAI-LINODE-AP",
    ],
  ])("peers have %s as often as measured (%f)", (_, expected, is) => expectShare(peers, is, expected));

  test("nodes behind Tor and in I2P have compact filters as often as measured", () => {
    expectShare(onions, hasBit(6), measured.compactFiltersOfAnswered.tor);
    expectShare(inI2P, hasBit(6), measured.compactFiltersOfAnswered.i2p);
  });

  test("Knots, Core and the rest are as frequent as in the census", () => {
    // The fleet is all Core, and there is more of it here than in the whole network of the census.
    expectShare(overlay, named(/Knots/), 3539 / (20_802 - fleet.nodesAtOnce[1]));
    expectShare(everybody, named(/btcd/), measured.familiesOfAnswered.btcd);
    expectShare(
      everybody,
      (node) => named(/^\/Satoshi/)(node) && !named(/Knots/)(node),
      measured.familiesOfAnswered.Core,
    );
  });

  test("four of five nodes say that they speak v2, as was estimated", () => {
    expectShare(overlay, hasBit(11), 0.8);
    expect(share(peers, hasBit(11))).toBeGreaterThan(0.79);
    expect(share(peers, hasBit(11))).toBeLessThan(0.84);
  });

  test("nodes that answer say that they speak v2 only if they do, or if they lie", () => {
    for (const node of everybody.filter(hasBit(11))) {
      const { behaviour } = node;
      const { v2, outcome } = BEHAVIOURS[behaviour] as { v2?: object; outcome: string };
      expect(v2 ?? (outcome !== "version" || behaviour === "v2-bit-lies")).toBeTruthy();
    }
    expectShare(peers, ({ behaviour }) => behaviour === "v2-bit-lies", 0.0025);
  });

  test("releases before 26 do not offer v2", () => {
    const old = everybody.filter(named(/^\/Satoshi:(0\.|2[2-5]\.)/));
    expect(old.length).toBeGreaterThan(1000);
    expect(old.filter(hasBit(11))).toEqual([]);
  });

  test.each([
    ["BIP 110, which are stuck at the split", /UASF-BIP110|29\.3\.0\/Knots:20260508/, 27, 961_631, 867],
    ["the BLAKE2b chain, which is ahead", /^\/Satoshi:29\.4\.[12][/(].*Knots/, 28, 975_589, 576],
  ])(
    "the nodes of %s have a name, a service bit and a height of their own",
    (_, name, bit, height, of20802) => {
      const nodes = everybody.filter(named(name));
      expectShare(everybody, named(name), of20802 / 20_802);
      expect(nodes.every(hasBit(bit))).toBe(true);
      expect(new Set(nodes.map(({ versionInfo }) => versionInfo.startHeight))).toEqual(new Set([height]));
    },
  );

  test("the commonest height is the tip, and the highest is not", () => {
    expect(model.tip).toBe(970_756);
    expectShare(
      everybody,
      ({ versionInfo }) => Math.abs(versionInfo.startHeight - model.tip) <= 100,
      19_270 / 20_802,
    );
    expect(Math.max(...everybody.map(({ versionInfo }) => versionInfo.startHeight))).toBe(975_589);
  });

  test("the fleet has one name, one operator, IPv4 alone, and tells few addresses", () => {
    const ofFleet = peers.filter(({ addressesToTell }) => addressesToTell !== undefined);
    expect(new Set(ofFleet.map(({ listing }) => listing.asn))).toEqual(new Set(["AS63949"]));
    expect(new Set(ofFleet.map(({ family }) => family))).toEqual(new Set(["ipv4"]));
    const names = ofFleet.map(({ versionInfo }) => versionInfo.userAgent);
    expect(share(names, (name) => name === fleet.userAgent)).toBeGreaterThan(0.99);
    expect(Math.max(...ofFleet.map(({ addressesToTell }) => addressesToTell!))).toBeLessThanOrEqual(40);
  });

  test("countries are those of the estimate, but for the fleet's", () => {
    const others = peers.filter(({ addressesToTell }) => addressesToTell === undefined);
    const counts = estimated.countries["counts(clearnet, of 10011)"];
    for (const code of ["US", "DE", "FR", "CZ"] as const) {
      expectShare(others, ({ listing }) => listing.country === code, counts[code] / 10_011);
    }
  });

  test("half of the peers are with 15 to 26 operators; in the real network it was 18", () => {
    const sizes = [...countBy(peers, ({ listing }) => listing.asn!).values()];
    const held = (operators: number) => sizes.slice(0, operators).reduce((sum, size) => sum + size, 0);
    expect(held(14)).toBeLessThan(peers.length / 2);
    expect(held(26)).toBeGreaterThan(peers.length / 2);
  });

  test.each([
    ["a minute", 60, "60 s"],
    ["a day", 86_400, "1 d"],
    ["a month", 2_592_000, "30 d"],
  ] as const)("connections have lasted %s as often as measured", (_, seconds, name) => {
    const atLeast = kit2025["connectedAtLeast[share, median of 60 days to 2025-10-18]"][name];
    expectShare(everybody, ({ listing }) => listing.connectedSeconds >= seconds, atLeast);
  });

  test("with a share of v2, peers speak it as often as that", () => {
    expect(share(populate(1, 1000, { population: "2026", v2: 0 }).peers, hasBit(11))).toBeLessThan(0.01);
  });
});
