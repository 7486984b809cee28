/**
 * The five functions of lesson eight on data with known results.
 *
 * The checks of their exercises have the small cases.
 */
import fc from "fast-check";
import type { NodeDetails, Snapshot } from "@course/lib/bitnodes";
import { clockSkews, countBy, heightLags, operatorsHoldingHalf, releaseOf } from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { now, toUnixMs } from "@course/lib/util";
import { OUR_VERSION_MESSAGE, VersionMessage } from "@course/lib/wire";
import { describe, expect, test } from "vitest";

describe("countBy()", () => {
  test("countBy() gives each key once, with falling counts that add up to the items", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c", "7", "__proto__")), (items) => {
        const counts = [...countBy(items, (item) => item)];
        const numbers = counts.map(([, count]) => count);
        expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
        expect(numbers.reduce((sum, count) => sum + count, 0)).toBe(items.length);
        for (const [key, count] of counts) expect(items.filter((item) => item === key).length).toBe(count);
      }),
    );
  });
});

describe("releaseOf()", () => {
  test.each([
    ["/Satoshi:0.16.3/", "0.16"],
    ["/Satoshi:27.1.0/Knots:20240801/", "27.1"],
    ["/Satoshi:1.14.5(2x)/", "1.14"],
    ["/Satoshi:0.16.0/\udce9/", "0.16"],
    ["/btcwire:0.5.0/btcd:0.12.0/", undefined],
    ["/Satoshi/", undefined],
    ["Satoshi:0.16.3", undefined],
    ["", undefined],
  ])("releaseOf(%j) is %j", (userAgent, release) => expect(releaseOf(userAgent)).toBe(release));
});

/** A visit whose peer answered after half a second, with a clock that is `skew` seconds ahead. */
function visitWith(skew: number, fields: Partial<Visit> = {}): Visit {
  const startedAt = now() - 5000;
  const timestamp = BigInt(Math.floor(toUnixMs(startedAt + 500) / 1000 + skew));
  const versionMessage = new VersionMessage({ ...OUR_VERSION_MESSAGE, timestamp });
  const visit = { address: ["127.0.0.1", 8333] as [string, number], startedAt, endedAt: startedAt + 900 };
  return { ...visit, firstByteAt: startedAt + 500, versionMessage, ...fields };
}

describe("clockSkews()", () => {
  test("clockSkews() gives how far a clock is ahead, less the part of a second that messages leave out", () => {
    for (const skew of [0, 3600, -3600, 0.25, -7000]) {
      const [found] = clockSkews([visitWith(skew)]);
      expect(found).toBeGreaterThan(skew - 1.01);
      expect(found).toBeLessThan(skew + 0.01);
    }
  });

  test("clockSkews() uses endedAt without firstByteAt, and leaves out visits without a message", () => {
    const late = visitWith(0, { firstByteAt: undefined });
    const failed = visitWith(0, { versionMessage: undefined });
    const skews = clockSkews([failed, late, failed]);
    expect(skews).toHaveLength(1);
    expect(skews[0]).toBeLessThan(-0.39);
  });

  test("clockSkews() of the largest timestamp is that large", () => {
    const versionMessage = new VersionMessage({ ...OUR_VERSION_MESSAGE, timestamp: 2n ** 63n - 1n });
    expect(clockSkews([visitWith(0, { versionMessage })])[0]).toBeGreaterThan(9e18);
  });
});

test("heightLags() gives positive lags below the tip and negative ones above it", () => {
  const at = (startHeight: number) =>
    visitWith(0, { versionMessage: new VersionMessage({ ...OUR_VERSION_MESSAGE, startHeight }) });
  const failed = visitWith(0, { versionMessage: undefined });
  expect(heightLags([at(10), failed, at(12), at(0), at(-1)], 10)).toEqual([0, -2, 10, 11]);
  expect(heightLags([], 10)).toEqual([]);
});

describe("operatorsHoldingHalf()", () => {
  const snapshot = (asns: (string | null | undefined)[]): Snapshot => {
    const nodes = asns.map((asn, i): [string, NodeDetails] => {
      const details: NodeDetails = [70015, "", 0, 0, 0, null, null, null, null, null, null, asn, null];
      return [`192.0.2.${i}:8333`, asn === undefined ? (details.slice(0, 5) as NodeDetails) : details];
    });
    return { timestamp: 0, total_nodes: asns.length, latest_height: 0, nodes: Object.fromEntries(nodes) };
  };

  test("operatorsHoldingHalf() gives the smallest number: with one operator less it is not half", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("AS1", "AS2", "AS3", "AS4", "AS5", null, "TOR", undefined)),
        (asns) => {
          const known = asns.filter((asn) => asn && asn !== "TOR");
          const sizes = [...countBy(known, String).values()];
          const fewest = operatorsHoldingHalf(snapshot(asns));
          const held = (operators: number) => sizes.slice(0, operators).reduce((sum, size) => sum + size, 0);
          expect(2 * held(fewest)).toBeGreaterThanOrEqual(known.length);
          if (fewest > 0) expect(2 * held(fewest - 1)).toBeLessThan(known.length);
        },
      ),
    );
  });
});
