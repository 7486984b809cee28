/** `timeline`: shows which peer or worker was busy when, and with what. Colours are the phases of a visit. */
import { plot, type PlotOptions } from "./plot";
import type { PlotData } from "./plot-data";
import type { Span } from "./span";
import { laneRows, visitRows } from "./timeline-rows";
import { segmentTraces } from "./timeline-traces";

export interface TimelineOptions {
  title?: string;
  /** A row for each visit (if not given), or for each `worker`. */
  lanes?: "visit" | "worker";
  /** The largest number of rows to draw. 60 if not given. */
  most?: number;
}

const MOST = 60;

/** Shows visits, or other spans, as bars over the seconds since the first one began. */
export function timeline(visits: Span[], options: TimelineOptions = {}): void {
  const { traces, plotOptions } = timelinePlot(visits, options);
  plot(traces, plotOptions);
}

/** Returns the traces and the options of a timeline. */
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

/** Returns what the rows are: visits, or pieces of work if all have labels. */
function whatIsShown(visits: readonly Span[]): string {
  return visits.length > 0 && visits.every(({ label }) => label !== undefined) ? "pieces of work" : "visits";
}

/** Returns the height that fits the rows and the legend, in pixels. */
function heightFor(rows: number, names: number): number {
  return Math.min(700, Math.max(260, 150 + 16 * rows, 140 + 21 * names));
}

/** Puts the first row on top, without grid lines between rows. Bars are placed by their `base`. */
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
