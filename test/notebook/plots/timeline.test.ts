import { describe, expect, test } from "vitest";
import { PeerError } from "@course/lib/peer";
import { plotBundle, type PlotData, type Span, timelinePlot } from "@course/lib/notebook";

const ANSWERED: Span = {
  address: ["127.0.0.2", 8333],
  startedAt: 5000,
  connectedAt: 5100,
  sentAt: 5110,
  firstByteAt: 5400,
  endedAt: 5450,
};
const LATE: Span = {
  address: ["::1", 8333],
  startedAt: 5200,
  connectedAt: 5300,
  endedAt: 6200,
  error: new PeerError("ANSWER_TIMEOUT", "late"),
};

/** The bars of a trace as [row, from, length], in seconds and in their order. */
function barsOf(traces: PlotData[], name: string): number[][] {
  const { base, x, y } = traces.find((trace) => trace.name === name) as {
    base: number[];
    x: number[];
    y: number[];
  };
  return x.map((length, i) => [y[i], base[i], length].map((value) => Math.round(value * 1000) / 1000));
}

const namesOf = (traces: PlotData[]) => traces.map(({ name }) => name);

describe("a row for each visit", () => {
  const { traces } = timelinePlot([LATE, ANSWERED]);

  test("a visit's row has its phases one after the other, in seconds since the first visit began", () => {
    expect(barsOf(traces, "connecting")).toEqual([[0, 0, 0.1]]);
    expect(barsOf(traces, "sending")).toEqual([[0, 0.1, 0.01]]);
    expect(barsOf(traces, "waiting")).toEqual([[0, 0.11, 0.29]]);
    expect(barsOf(traces, "reading")).toEqual([[0, 0.4, 0.05]]);
  });

  test("a failed visit is one bar, in the trace of its error code", () => {
    expect(barsOf(traces, "failed: ANSWER_TIMEOUT")).toEqual([[1, 0.2, 1]]);
    expect(namesOf(traces).at(-1)).toBe("failed: ANSWER_TIMEOUT");
  });

  test("a visit's bar names the peer's address", () => {
    expect(traces[0].text).toEqual(["127.0.0.2:8333"]);
    expect(traces.at(-1)?.text).toEqual(["[::1]:8333"]);
  });

  test("each error code has a pattern of its own, so that no reader needs the colours", () => {
    const refused = { ...LATE, error: new PeerError("REFUSED", "no") };
    const { traces } = timelinePlot([ANSWERED, LATE, refused]);
    const shapes = traces.map(({ marker }) => (marker as { pattern?: { shape: string } }).pattern?.shape);
    expect(shapes.filter((shape) => shape === undefined)).toHaveLength(4);
    expect(new Set(shapes).size).toBe(3);
  });

  test("a timeline draws only the first visits, and its title says how many there are", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ ...ANSWERED, startedAt: 5000 - i }));
    const { traces, plotOptions } = timelinePlot(many, { title: "Visits", most: 10 });
    expect(traces[0].x).toHaveLength(10);
    expect(plotOptions.title).toBe("Visits<br><sub>the first 10 of 10,000 visits</sub>");
  });
});

describe("a lane for each worker", () => {
  const work = (worker: string, startedAt: number, endedAt: number): Span => ({
    worker,
    startedAt,
    endedAt,
  });

  test("each worker has a lane, in the order of the workers' numbers", () => {
    const spans = [work("thread 10", 0, 1000), work("thread 2", 0, 500), work("thread 2", 500, 900)];
    const { traces, plotOptions } = timelinePlot(spans, { lanes: "worker" });
    expect(barsOf(traces, "working")).toEqual([
      [0, 0, 0.5],
      [0, 0.5, 0.4],
      [1, 0, 1],
    ]);
    expect(plotOptions.layout).toMatchObject({
      yaxis: { tickvals: [0, 1], ticktext: ["thread 2", "thread 10"] },
    });
  });

  test("a worker that does several things at once has several lanes", () => {
    const spans = [work("a", 0, 1000), work("a", 500, 1500), work("a", 1000, 1500), work("b", 0, 10)];
    const { traces, plotOptions } = timelinePlot(spans, { lanes: "worker" });
    expect(barsOf(traces, "working").map(([row]) => row)).toEqual([0, 0, 1, 2]);
    expect(plotOptions.layout).toMatchObject({ yaxis: { tickvals: [0.5, 2], ticktext: ["a", "b"] } });
  });

  test("lanes of thousands of visits are drawn with few bars, each of the kind that took most of its time", () => {
    const visit = (i: number): Span => ({ ...shifted(ANSWERED, i * 450), worker: `thread ${i % 2}` });
    const shifted = (span: Span, by: number): Span => ({
      ...span,
      startedAt: span.startedAt + by,
      connectedAt: span.connectedAt! + by,
      sentAt: span.sentAt! + by,
      firstByteAt: span.firstByteAt! + by,
      endedAt: span.endedAt + by,
    });
    const { traces, plotOptions } = timelinePlot(
      Array.from({ length: 10_000 }, (_, i) => visit(i)),
      { lanes: "worker" },
    );
    expect(traces.reduce((bars, { x }) => bars + x!.length, 0)).toBeLessThan(3500);
    expect(namesOf(traces)).toContain("waiting");
    expect(JSON.stringify(plotBundle(traces, plotOptions)).length).toBeLessThan(300_000);
  });
});

test("a timeline of no visits has no traces", () => {
  expect(timelinePlot([]).traces).toEqual([]);
});

test("the axis of a timeline is called visits, or pieces of work if all have labels", () => {
  expect(timelinePlot([ANSWERED]).plotOptions.y).toBe("visits, as they began");
  const work = { startedAt: 0, endedAt: 5, label: "fibonacci(30)" };
  expect(timelinePlot([work]).plotOptions.y).toBe("pieces of work, as they began");
});
