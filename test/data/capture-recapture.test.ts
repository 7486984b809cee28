import { captureRecapture } from "@course/lib/data";
import { describe, expect, test } from "vitest";
import { Random } from "@course/lib/util";

/** Names of the nodes `from` to `to - 1`. */
const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `node ${from + i}`);

describe("captureRecapture()", () => {
  test("captureRecapture() of ten turtles, then fifteen, five of them marked, gives the published 28 (22 to 65)", () => {
    const { estimate, low, high, ...counts } = captureRecapture(names(0, 10), names(5, 20));
    expect(counts).toEqual({ first: 10, second: 15, both: 5, seen: 20 });
    expect([estimate, low, high]).toEqual([28, 22, 65]);
  });

  test("captureRecapture() of the same list twice gives the length of the list", () => {
    const { estimate, low, seen } = captureRecapture(names(0, 50), names(0, 50));
    expect([estimate, seen]).toEqual([50, 50]);
    expect(low).toBe(50);
  });

  test("captureRecapture() of a list within another gives the length of the longer one", () => {
    expect(captureRecapture(names(0, 30), names(0, 200))).toMatchObject({
      estimate: 200,
      seen: 200,
      both: 30,
    });
  });

  test.each([
    ["two lists with nothing in common", names(0, 40), names(40, 90), 90],
    ["an empty list and another", [], names(0, 7), 7],
    ["two empty lists", [], [], 0],
  ])("captureRecapture() of %s has no upper bound", (_, first, second, seen) => {
    const result = captureRecapture(first, second);
    expect(result).toMatchObject({ both: 0, seen, estimate: Infinity, high: Infinity });
    expect(result.low).toBeGreaterThanOrEqual(seen);
    expect(result.low).toBeLessThan(Infinity);
  });

  test("captureRecapture() counts repeated entries once, and takes any iterable", () => {
    const twice = captureRecapture([...names(0, 10), ...names(0, 10)], new Set(names(5, 20)));
    expect(twice).toEqual(captureRecapture(names(0, 10), names(5, 20)));
  });

  test("the interval of captureRecapture() holds the true size in 92% of trials or more, if lists are independent", () => {
    const random = new Random(1, "capture and recapture");
    const [truth, length] = [5000, 600];
    const list = () => random.distinct(length, 1, truth).map(String);
    const trials = Array.from({ length: 300 }, () => captureRecapture(list(), list()));
    const right = trials.filter(({ low, high }) => low <= truth && truth <= high).length;
    expect(right / trials.length).toBeGreaterThan(0.92);
    const mean = trials.reduce((sum, { estimate }) => sum + estimate, 0) / trials.length;
    expect(Math.abs(mean - truth)).toBeLessThan(0.03 * truth);
  });

  test("captureRecapture() gives too small an interval if some entries are on every list", () => {
    const random = new Random(1, "famous ones");
    const list = () => [...names(0, 200), ...random.distinct(400, 1, 5000).map(String)];
    const { high } = captureRecapture(list(), list());
    expect(high).toBeLessThan(5200);
  });
});
