import { describe, expect, test } from "vitest";
import { plotBundle, plotFigure, plotSummary } from "@course/lib/notebook";

const LINE = { x: [1, 2, 3], y: [10, 20, 30], name: "answers" };
const OPTIONS = { title: "Answers", x: "seconds", y: "peers" };

test("a plot comes as plotly's JSON, as HTML and as a sentence", () => {
  const bundle = plotBundle([LINE], OPTIONS);
  expect(Object.keys(bundle).sort()).toEqual(["application/vnd.plotly.v1+json", "text/html", "text/plain"]);
  expect(bundle["application/vnd.plotly.v1+json"]).toEqual(plotFigure([LINE], OPTIONS));
  expect(bundle["text/plain"]).toBe('Plot "Answers" (x: seconds, y: peers): answers (3 points)');
});

describe("the layout", () => {
  const layoutOf = (options: object) => plotFigure([LINE], { ...OPTIONS, ...options }).layout;

  test("has the title, the axes' titles and the height", () => {
    expect(layoutOf({ height: 300 })).toMatchObject({
      title: { text: "Answers" },
      xaxis: { title: { text: "seconds" } },
      yaxis: { title: { text: "peers" } },
      height: 300,
    });
  });

  test("takes what the caller says before what the house says, at every depth", () => {
    const layout = layoutOf({ layout: { xaxis: { type: "log" }, margin: { l: 5 } } });
    expect(layout).toMatchObject({
      xaxis: { title: { text: "seconds" }, type: "log" },
      margin: { l: 5, r: 24 },
    });
  });
});

test("ticks of a logarithmic axis are whole numbers, not the digits that plotly makes of them", () => {
  const { layout } = plotFigure([LINE], { ...OPTIONS, layout: { yaxis: { type: "log" } } });
  expect(layout).toMatchObject({ yaxis: { type: "log", tickformat: "," } });
  expect(layout).not.toHaveProperty("xaxis.tickformat");
});

test.each([
  [[], "nothing to show"],
  [[{ x: [1], y: [2] }], "1 point"],
  [[{ x: new Float64Array(12_000) }], "12,000 points"],
  [[LINE, { values: [1, 2], type: "pie", name: "shares" }], "answers (3 points), shares (2 points)"],
])("the sentence counts what there is: %#", (traces, words) => {
  expect(plotSummary(traces, { title: "A <b>bold</b><br>claim" })).toBe(`Plot "A bold, claim": ${words}`);
});
