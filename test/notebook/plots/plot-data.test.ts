import { describe, expect, test } from "vitest";
import { merged, toPlotJson } from "@course/lib/notebook";

describe("toPlotJson()", () => {
  test.each([
    ["typed arrays as arrays", new Float64Array([1, 2]), [1, 2]],
    ["bigints as numbers", [1n, 2n], [1, 2]],
    ["dates as ISO 8601", [new Date(0)], ["1970-01-01T00:00:00.000Z"]],
    ["NaN, infinities and null as null", [1, NaN, Infinity, null], [1, null, null, null]],
    ["names as they are", ["27.0", "0.16"], ["27.0", "0.16"]],
    ["objects without undefined values", { a: undefined, b: [1n] }, { b: [1] }],
    ["no values as none", [], []],
  ])("toPlotJson() gives %s", (_, value, expected) => {
    expect(toPlotJson(value)).toEqual(expected);
  });

  test.each([
    ["whole numbers to the last digit", [1532314003, 554321], [1532314003, 554321]],
    ["fractions to 20,000 steps between the least and the greatest", [0, 100 / 3, 100], [0, 33.333, 100]],
    [
      "large numbers with a small difference",
      [1e9 + 0.12345678, 1e9 + 0.2],
      [1000000000.123457, 1000000000.2],
    ],
    [
      "small numbers beside large ones to four digits, for logarithmic axes",
      [0.000123456, 1000.5],
      [0.0001235, 1000.5],
    ],
    ["numbers that are all the same", [0.25, 0.25], [0.25, 0.25]],
  ])("toPlotJson() keeps %s", (_, row, expected) => {
    expect(toPlotJson(row)).toEqual(expected);
  });
});

test("merged() lets later layers override earlier ones at every depth, and does not mix arrays", () => {
  const below = { axis: { title: "s", range: [0, 1] }, kept: 1 };
  expect(merged(below, { axis: { range: [5] } }, { kept: 2 })).toEqual({
    axis: { title: "s", range: [5] },
    kept: 2,
  });
  expect(below).toEqual({ axis: { title: "s", range: [0, 1] }, kept: 1 });
});
