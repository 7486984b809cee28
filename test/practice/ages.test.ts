import { expect, test } from "vitest";
import { drawAges } from "../../lib/practice/behaviour/ages";
import { Random } from "../../lib/util/random";

const ALL = 60_000;
/** Ages from 0 to 1000 seconds, all as frequent. */
const EVEN = {
  ages: [
    [0, 0],
    [1, 1000],
  ],
  oldestQuantile: 1,
} as const;

/** Returns the share of ages below `seconds`. */
function below(ages: readonly number[], seconds: number): number {
  return ages.filter((age) => age < seconds).length / ages.length;
}

test.each([0, 0.1, 1 / 6, 0.5, 1])(
  "with %d nodes an address, all together are as old as the model says",
  (share) => {
    const ages = [...drawAges(new Random(1, "ages"), share * ALL, ALL, EVEN)];
    for (const seconds of [100, 250, 500, 900]) expect(below(ages, seconds)).toBeCloseTo(seconds / 1000, 2);
  },
);

test("nodes were seen more lately than addresses that are nobody's, and neither can be told by the age alone", () => {
  const every = 6;
  const ages = [...drawAges(new Random(1, "ages"), ALL / every, ALL, EVEN)];
  // The last of six is a node: see spread.ts.
  const nodes = ages.filter((_, i) => i % every === every - 1);
  const others = ages.filter((_, i) => i % every !== every - 1);
  expect(below(nodes, 250)).toBeCloseTo(1 - 0.75 ** 2, 1);
  expect(below(others, 250)).toBeLessThan(0.25);
  expect(below(nodes, 900)).toBeLessThan(1);
  expect(below(others, 100)).toBeGreaterThan(0.05);
});
