/** Lesson eight, "eight years later": what its text says of the network of 2026 holds. */
import { countBy, RELEASE_DATES, releaseOf } from "@course/lib/data";
import { populate } from "@course/lib/practice";
import { hasService } from "@course/lib/wire";
import { expect, test } from "vitest";

const old = populate(1, 10_000).peers;
const { peers, overlay, model } = populate(1, 2000, { population: "2026" });
type Peer = (typeof peers)[number];
const answering = peers.filter(({ behaviour }) => !/silent|refusing|hanging-up/.test(behaviour));
const share = (is: (peer: Peer) => boolean) => answering.filter(is).length / answering.length;

test("two of three nodes of the list cannot be called by a plain socket", () => {
  expect(overlay.length / (peers.length + overlay.length)).toBeCloseTo(2 / 3, 1);
});

test("one node in six is Knots, and four of five speak v2; a sixth has compact filters", () => {
  const has = (bit: Parameters<typeof hasService>[1]) => (peer: Peer) =>
    hasService(BigInt(peer.versionInfo.services), bit);
  expect(Math.abs(share(({ versionInfo }) => /Knots/.test(versionInfo.userAgent)) - 1 / 6)).toBeLessThan(
    0.03,
  );
  expect(Math.abs(share(has("P2P_V2")) - 0.8)).toBeLessThan(0.05);
  expect(Math.abs(share(has("COMPACT_FILTERS")) - 1 / 6)).toBeLessThan(0.03);
});

test("there are two crowds far from the tip, one nine thousand blocks behind, one ahead; both run Knots", () => {
  const far = answering.filter(({ versionInfo }) => Math.abs(versionInfo.startHeight - model.tip) > 100);
  const crowds = [...countBy(far, ({ versionInfo }) => String(versionInfo.startHeight))].filter(
    ([, n]) => n >= 4,
  );
  expect(crowds.map(([height]) => Number(height) - model.tip).sort((a, b) => a - b)).toEqual([-9125, 4833]);
  for (const [height] of crowds) {
    const there = far.filter(({ versionInfo }) => String(versionInfo.startHeight) === height);
    expect(there.every(({ versionInfo }) => /Knots/.test(versionInfo.userAgent))).toBe(true);
  }
});

test("one pair of operator and user agent floats above all others in 2026, and none does in 2018", () => {
  const pairs = (all: readonly Peer[]) => {
    const known = all.filter(({ listing }) => listing.asn !== null);
    const counts = countBy(known, ({ listing, versionInfo }) => `${listing.asn} ${versionInfo.userAgent}`);
    return [...counts.values()].map((count) => count / known.length);
  };
  const [first, second] = pairs(peers);
  expect(first).toBeGreaterThan(0.08);
  expect(second).toBeLessThan(0.03);
  const [firstOld, secondOld] = pairs(old);
  expect(firstOld / secondOld).toBeLessThan(1.5);
});

test("in 2018 more than half ran a release of that year; in 2026 half takes more than half a year", () => {
  const medianAge = (all: readonly Peer[], day: string) => {
    const ages = all.flatMap(({ versionInfo }) => {
      const released = RELEASE_DATES[releaseOf(versionInfo.userAgent) ?? ""];
      return released && released <= day ? [(Date.parse(day) - Date.parse(released)) / 31_557_600_000] : [];
    });
    return ages.sort((a, b) => a - b)[Math.floor(ages.length / 2)];
  };
  expect(medianAge(old, "2018-08-06")).toBeLessThan(0.5);
  expect(medianAge(peers, "2026-10-10")).toBeGreaterThan(0.6);
  expect(medianAge(peers, "2026-10-10")).toBeLessThan(1);
});
