import { describe, expect, test } from "vitest";
import { plotBundle, plotFigure, plotSummary } from "@course/lib/notebook";

const LINE = { x: [1, 2, 3], y: [10, 20, 30], name: "answers" };
const OPTIONS = { title: "Answers", x: "seconds", y: "peers" };

test("a plot's output has plotly's JSON, HTML and a sentence", () => {
  const bundle = plotBundle([LINE], OPTIONS);
  expect(Object.keys(bundle).sort()).toEqual(["application/vnd.plotly.v1+json", "text/html", "text/plain"]);
  expect(bundle["application/vnd.plotly.v1+json"]).toEqual(plotFigure([LINE], OPTIONS));
  expect(bundle["text/plain"]).toBe('Plot "Answers" (x: seconds, y: peers): answers (3 points)');
});

describe("the layout of a plot", () => {
  const layoutOf = (options: object) => plotFigure([LINE], { ...OPTIONS, ...options }).layout;

  test("the layout of a plot has its title, the titles of its axes and its height", () => {
    expect(layoutOf({ height: 300 })).toMatchObject({
      title: { text: "Answers" },
      xaxis: { title: { text: "seconds" } },
      yaxis: { title: { text: "peers" } },
      height: 300,
    });
  });

  test("the caller's layout overrides the course's style at every depth", () => {
    const layout = layoutOf({ layout: { xaxis: { type: "log" }, margin: { l: 5 } } });
    expect(layout).toMatchObject({
      xaxis: { title: { text: "seconds" }, type: "log" },
      margin: { l: 5, r: 24 },
    });
  });
});

test("the ticks of a logarithmic axis are written in full, not as 2 and 5", () => {
  const { layout } = plotFigure([LINE], { ...OPTIONS, layout: { yaxis: { type: "log" } } });
  expect(layout).toMatchObject({ yaxis: { type: "log", tickformat: "," } });
  expect(layout).not.toHaveProperty("xaxis.tickformat");
});

test.each([
  [[], "nothing to show"],
  [[{ x: [1], y: [2] }], "1 point"],
  [[{ x: new Float64Array(12_000) }], "12,000 points"],
  [[LINE, { values: [1, 2], type: "pie", name: "shares" }], "answers (3 points), shares (2 points)"],
])("the sentence of a plot counts its points: %#", (traces, words) => {
  expect(plotSummary(traces, { title: "A <b>bold</b><br>claim" })).toBe(`Plot "A bold, claim": ${words}`);
});
