/** `timeline`: who was busy when, and with what. A bar a visit, in colours for its phases; failures apart. */
import { plot, type PlotOptions } from "./plot";
import type { PlotData } from "./plot-data";
import { Span } from "./span";
import { laneRows, visitRows } from "./timeline-rows";
import { segmentTraces } from "./timeline-traces";

/** `lanes`: a row for each visit (if not given), or for each `worker`. `most` is how many rows are drawn, 60 if not given. */
export interface TimelineOptions {
  title?: string;
  lanes?: "visit" | "worker";
  most?: number;
}

const MOST = 60;

/** Shows the visits as bars over the seconds since the first one began. */
export function timeline(visits: Span[], options: TimelineOptions = {}): void {
  const { traces, plotOptions } = timelinePlot(visits, options);
  plot(traces, plotOptions);
}

/** What the timeline consists of. */
export function timelinePlot(
  visits: readonly Span[],
  { title = "Who was busy when", lanes = "visit", most = MOST }: TimelineOptions = {},
): { traces: PlotData[]; plotOptions: PlotOptions } {
  const { rows, ticks, note } = lanes === "worker" ? laneRows(visits, most) : visitRows(visits, most);
  const start = visits.reduce((least, { startedAt }) => Math.min(least, startedAt), Infinity);
  const traces = segmentTraces(rows, start);
  const plotOptions = {
    title: note ? `${title}<br><sub>${note}</sub>` : title,
    x: "seconds since the first began",
    y: lanes === "worker" ? "worker" : `${whatIsShown(visits)}, as they began`,
    height: heightFor(rows.length, traces.length),
    layout: layoutOf(rows.length, ticks),
  };
  return { traces, plotOptions };
}

/** Visits, or pieces of work if each says itself what it was. */
function whatIsShown(visits: readonly Span[]): string {
  return visits.length > 0 && visits.every(({ label }) => label !== undefined) ? "pieces of work" : "visits";
}

/** Room for the rows and for the legend, whichever needs more. */
function heightFor(rows: number, names: number): number {
  return Math.min(700, Math.max(260, 150 + 16 * rows, 140 + 21 * names));
}

/** The first row on top, no lines between rows, and bars in the places that their beginnings give them. */
function layoutOf(rows: number, ticks: { at: number; text: string }[]): object {
  const named = { tickvals: ticks.map(({ at }) => at), ticktext: ticks.map(({ text }) => text) };
  const yaxis = { range: [rows - 0.4, -0.6], showgrid: false, zeroline: false, ...named };
  return {
    barmode: "overlay",
    bargap: 0,
    yaxis,
    xaxis: { rangemode: "tozero" },
    hovermode: "closest",
    showlegend: true,
  };
}
