import { describe, expect, test } from "vitest";
import { BEHAVIOUR_NAMES, BEHAVIOURS, NEWER_SHARE, populate, softwareOf, TIP } from "@course/lib/practice";
import profile from "../../lib/practice/profile/network-profile.json";

const { peers, overlay: onions } = populate(1, 10_000);
const recorded = profile.snapshot2018;

/** Share of the peers for which `is` holds. */
function share(is: (peer: (typeof peers)[number]) => boolean): number {
  return peers.filter(is).length / peers.length;
}

/** Coins on Bitcoin's magic bytes that the profile counts: 27 + 5 + 22 + 20 + 13 + 5 + 12. */
const OWN_CHAINS = /^\/(Bitcoin Core SQ|BitCore|WorldBitcoin|SuperBitcoin|Aurum)/;
const SUPPORTS_TOR_V3 = /^\/Satoshi:(0\.21|2\d)\./;

describe("a population", () => {
  test("populate() gives the same peers for the same seed, and others for another seed", () => {
    expect(populate(7, 50)).toEqual(populate(7, 50));
    expect(populate(7, 50).peers).not.toEqual(populate(8, 50).peers);
  });

  test("the first peer of seed 1 is always the same: a change of the random streams would show here", () => {
    expect(peers[0]).toMatchObject({
      versionInfo: { userAgent: "/Satoshi:0.15.1/" },
      listing: { city: "Frankfurt am Main", asn: "AS51167" },
    });
  });

  test("a small population is the beginning of a larger one", () => {
    expect(populate(1, 50).peers).toEqual(peers.slice(0, 50));
  });

  test("each peer has a host number of its own", () => {
    expect(new Set(peers.map(({ hostNumber }) => hostNumber)).size).toBe(peers.length);
  });

  const like = (kind: string, count: number): [string, number] => [kind, count / recorded.rows];
  test.each<[string, number, Parameters<typeof share>[0]]>([
    [...like("/Satoshi:0.16.0/", 3354), ({ versionInfo }) => versionInfo.userAgent === "/Satoshi:0.16.0/"],
    [...like("protocol 70015", 8844), ({ versionInfo }) => versionInfo.version === 70015],
    [...like("services 1037", 5195), ({ versionInfo }) => versionInfo.services === 1037],
    [...like("services 13", 3049), ({ versionInfo }) => versionInfo.services === 13],
    [...like("bit 10", 5525), ({ versionInfo }) => (versionInfo.services & 1024) !== 0],
    [...like("the tip's height", 5946), ({ versionInfo }) => versionInfo.startHeight === TIP],
    [...like("no height", 249), ({ versionInfo }) => versionInfo.startHeight === 0],
    [...like("frozen at 530361", 74), ({ versionInfo }) => versionInfo.startHeight === 530361],
    [...like("ahead of the tip", 146), ({ versionInfo }) => versionInfo.startHeight > TIP],
    [...like("port 8333", 9018), ({ port }) => port === 8333],
    [...like("United States", 2384), ({ listing }) => listing.country === "US"],
    [...like("Germany", 1813), ({ listing }) => listing.country === "DE"],
    [...like("Hetzner", 879), ({ listing }) => listing.asn === "AS24940"],
    [...like("OVH", 617), ({ listing }) => listing.asn === "AS16276"],
    [...like("no city", 3448), ({ listing }) => listing.city === null],
    [...like("no hostname", 3388), ({ listing }) => listing.hostname === undefined],
    [
      ...like("connected in the oldest minute", 1627),
      ({ listing }) => listing.connectedSeconds > 2721279 - 60,
    ],
    [...like("frozen at 494782", 12), ({ versionInfo }) => versionInfo.startHeight === 494782],
    [
      ...like("coins with a chain of their own", 104),
      ({ versionInfo }) => OWN_CHAINS.test(versionInfo.userAgent),
    ],
    ["a mapped duplicate", (2455 - 2357) / 2357, ({ hasMappedDuplicate }) => hasMappedDuplicate],
    ["software of 2022", NEWER_SHARE, ({ versionInfo }) => SUPPORTS_TOR_V3.test(versionInfo.userAgent)],
    [
      "an unknown user agent",
      (2 * 209) / 30 / 14410,
      ({ versionInfo: { userAgent } }) => userAgent === "pbtc" || userAgent === "/FBI:22.1.2/",
    ],
    ["IPv6", 0.1, ({ family }) => family === "ipv6"],
    ["a clock that is right to the second", 0.84, ({ versionInfo }) => versionInfo.clockSkewSeconds === 0],
    ["a clock an hour off", 0.006, ({ versionInfo }) => Math.abs(versionInfo.clockSkewSeconds) === 3600],
  ])("a population has %s as often as recorded (%f)", (_, expected, is) => {
    const standardError = Math.sqrt((expected * (1 - expected)) / peers.length);
    const tolerance = 0.15 * expected + 2 * standardError;
    expect(Math.abs(share(is) - expected)).toBeLessThan(tolerance);
  });

  test("NODE_NETWORK_LIMITED is set from 0.16 on, and in half of the 0.15.99 nodes", () => {
    const early = peers.filter(({ versionInfo: { userAgent, services } }) => {
      return /Satoshi:0\.([0-9]|1[0-5])\./.test(userAgent) && services & 1024;
    });
    expect(new Set(early.map(({ versionInfo }) => versionInfo.userAgent.slice(0, 16)))).toEqual(
      new Set(["/Satoshi:0.15.99"]),
    );
    const late = peers.filter(({ versionInfo }) => versionInfo.userAgent.startsWith("/Satoshi:0.16"));
    expect(late.every(({ versionInfo }) => versionInfo.services & 1024)).toBe(true);
  });

  test("no peer connected before the restart's minute, and few in the hours after it", () => {
    const oldest = recorded.connectedAgeSeconds.quantiles["1"];
    const ages = peers.map(({ listing }) => listing.connectedSeconds);
    expect(Math.max(...ages)).toBeLessThanOrEqual(oldest);
    expect(ages.filter((age) => age <= oldest - 60 && age > oldest - 7200).length).toBeLessThan(100);
  });

  test("the ratio of clearnet to Tor nodes per release is that of 2022", () => {
    const byNetwork = profile.teachable["torByCoreVersion2022[clearnet,onion]"];
    for (const release of ["0.21", "22", "23"] as const) {
      const [clearnet, onion] = byNetwork[release];
      const runs = ({ versionInfo }: { versionInfo: { userAgent: string } }) =>
        versionInfo.userAgent.startsWith(`/Satoshi:${release}.`);
      const [withIp, behindTor] = [peers.filter(runs).length, onions.filter(runs).length];
      const expected = onion / (clearnet + onion);
      const standardError = Math.sqrt((expected * (1 - expected)) / (withIp + behindTor));
      expect(Math.abs(behindTor / (withIp + behindTor) - expected)).toBeLessThan(3 * standardError);
    }
  });

  test.each([1, 2, 3])(
    "18 to 23 operators have half of the peers with seed %i; in the real network 20 had",
    (seed) => {
      const counts = new Map<string, number>();
      for (const { listing } of seed === 1 ? peers : populate(seed, 10_000).peers) {
        if (listing.asn) counts.set(listing.asn, (counts.get(listing.asn) ?? 0) + 1);
      }
      const sizes = [...counts.values()].sort((a, b) => b - a);
      const half = sizes.reduce((sum, size) => sum + size, 0) / 2;
      const held = (operators: number) => sizes.slice(0, operators).reduce((sum, size) => sum + size, 0);
      expect(held(17)).toBeLessThan(half);
      expect(held(23)).toBeGreaterThan(half);
    },
  );

  test("softwareOf() knows every Satoshi user agent of the profile", () => {
    const names = [profile.snapshot2018, profile.snapshot2022].flatMap(({ userAgents }) => [
      ...Object.keys(userAgents.top60),
      ...userAgents.tailSample,
    ]);
    const unknown = names.filter(
      (name) => /^\/Satoshi:/.test(name) && softwareOf(name).userAgent.source === "(?:)",
    );
    expect(unknown).toEqual([]);
  });
});

describe("behaviours", () => {
  test.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])("the shares of all behaviours with modern: %s, v2: %s add up to 100", (modern, speaksV2) => {
    const shares = Object.values(BEHAVIOURS).map(({ share }) => share(modern, speaksV2));
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(100, 9);
  });

  // Repeats the common shares of behaviours.ts on purpose, to compare them with the population.
  test.each([
    ["silent", 0.08],
    ["refusing", 0.05],
    ["hanging-up", 0.04],
  ])("the share of %s peers is %f", (name, expected) => {
    expect(share(({ behaviour }) => behaviour === name)).toBeCloseTo(expected, 2);
  });

  test.each(BEHAVIOUR_NAMES.filter((name) => !name.startsWith("polite")))(
    "the share of %s peers is that of the table, within three standard errors",
    (name) => {
      const expected = BEHAVIOURS[name].share(true) / 100;
      const standardError = Math.sqrt((expected * (1 - expected)) / peers.length);
      expect(Math.abs(share(({ behaviour }) => behaviour === name) - expected)).toBeLessThanOrEqual(
        3 * standardError,
      );
    },
  );

  test("populate() with behaviours gives peers with these alone, in equal shares, and no onions", () => {
    const population = populate(1, 300, { behaviours: ["silent", "garbage", "cut-off"] });
    expect(population.overlay).toEqual([]);
    const names = population.peers.map(({ behaviour }) => behaviour);
    for (const name of ["silent", "garbage", "cut-off"]) {
      expect(names.filter((each) => each === name).length).toBeGreaterThan(70);
    }
    expect(new Set(names).size).toBe(3);
  });

  test("populate() with behaviours gives a peer one that occurs with its software, if there is any", () => {
    const { peers } = populate(1, 50, { behaviours: ["polite-modern", "polite-old"] });
    for (const { behaviour, versionInfo } of peers) {
      const modern = softwareOf(versionInfo.userAgent).modern ?? false;
      expect(behaviour).toBe(modern ? "polite-modern" : "polite-old");
    }
    expect(
      new Set(populate(1, 50, { behaviours: ["polite-modern"] }).peers.map(({ behaviour }) => behaviour))
        .size,
    ).toBe(1);
  });

  test("more than 45% of the peers are polite and modern", () => {
    expect(share(({ behaviour }) => behaviour === "polite-modern")).toBeGreaterThan(0.45);
  });
});

describe("delays", () => {
  test("most delays lie between 10 and 650 ms, and more than 2% above a second", () => {
    expect(share(({ delayMs }) => delayMs >= 10 && delayMs <= 650)).toBeGreaterThan(0.85);
    expect(share(({ delayMs }) => delayMs > 1000)).toBeGreaterThan(0.02);
  });

  test("no delay is so close to a second that the caller's speed decides about a timeout", () => {
    expect(share(({ delayMs }) => delayMs > 850 && delayMs < 1150)).toBe(0);
  });

  test("a delay is two round trips", () => {
    expect(share(({ delayMs, roundTripMs }) => delayMs === 2 * roundTripMs)).toBe(1);
  });
});

describe("onions", () => {
  test("onions have Tor v3 names, the same for the same seed", () => {
    for (const { host } of onions) expect(host).toMatch(/^[a-z2-7]{56}\.onion$/);
    expect(onions[0].host).toBe("agy6ud5trgp6dx4sax2f3tszws4wnufdgw5sutpztwwctbfg442gajad.onion");
  });

  test("onions run software that supports Tor v3, and have no place", () => {
    expect(onions).toHaveLength(300);
    for (const { versionInfo, listing } of onions) {
      expect(versionInfo.userAgent).toMatch(/^\/Satoshi:(0\.21|2\d)\./);
      expect(listing).toMatchObject({ asn: "TOR", country: null, latitude: 0, longitude: 0, hostname: null });
    }
  });
});
