/**
 * `plot`: shows one plot under the cell. All plots of the course use it.
 *
 * The output has three forms, and each front end shows one of them: plotly's JSON (VS Code, and
 * JupyterLab with plotly's extension), HTML that draws the plot (JupyterLab and exported pages), and a
 * sentence (a terminal).
 */
import { showBundle } from "../cell/display";
import { type Figure, layoutJson, merged, type PlotData, plotText, traceJson } from "./plot-data";
import { plotHtml } from "./plot-html";
import { STYLE } from "./plot-style";
import { formatCount } from "../../util/numbers";
import { printable } from "../../wire/text";

/** The texts, the size and the layout of a plot. */
export interface PlotOptions {
  /** Shown as it is: plotly's tags have no meaning in it. */
  title: string;
  /** A line in smaller letters under the title. */
  note?: string;
  /** The title of the x axis, with its unit. */
  x?: string;
  /** The title of the y axis, with its unit. */
  y?: string;
  /** In pixels. 400 if not given. */
  height?: number;
  /** Plotly's layout. It overrides the course's own style. */
  layout?: object;
}

/** The forms of a plot's output, by MIME type. */
interface PlotBundle extends Record<string, unknown> {
  "application/vnd.plotly.v1+json": Figure;
  "text/html": string;
  "text/plain": string;
}

const HEIGHT = 400;

/** Shows a plot under the cell. Outside of a notebook, prints a sentence that says what the plot shows. */
export function plot(traces: PlotData[], options: PlotOptions): void {
  showBundle(plotBundle(traces, options));
}

/** Returns a plot in all its forms. */
export function plotBundle(traces: readonly PlotData[], options: PlotOptions): PlotBundle {
  const figure = plotFigure(traces, options);
  const summary = plotSummary(traces, options);
  return {
    "application/vnd.plotly.v1+json": figure,
    "text/html": plotHtml(figure, summary, options.height ?? HEIGHT),
    "text/plain": summary,
  };
}

/** Returns a plot as plotly's JSON. */
export function plotFigure(traces: readonly PlotData[], options: PlotOptions): Figure {
  const { title, note, x, y, height = HEIGHT, layout = {} } = options;
  const line = note ? `<br><sub>${plotText(note)}</sub>` : "";
  const own = {
    title: { text: plotText(title) + line },
    height,
    ...(x !== undefined && { xaxis: { title: { text: plotText(x) } } }),
    ...(y !== undefined && { yaxis: { title: { text: plotText(y) } } }),
  };
  return {
    data: traces.map((trace) => traceJson({ type: "scatter", ...trace }) as object),
    layout: layoutJson(merged(STYLE, own, fullTicks(layout), layout)),
  };
}

/** Makes logarithmic axes write their ticks in full: plotly would write 2 and 5 for 20 and 50. */
function fullTicks(layout: object): object {
  const axes = Object.entries(layout as Record<string, { type?: string } | undefined>);
  const logarithmic = axes.filter(([name, axis]) => /^[xy]axis\d*$/.test(name) && axis?.type === "log");
  return Object.fromEntries(logarithmic.map(([name]) => [name, { tickformat: "," }]));
}

/**
 * Says what a plot shows, in a sentence.
 *
 * For example `Plot "Answers" (x: seconds, y: peers): received (120 points), failed (30 points)`.
 */
export function plotSummary(traces: readonly PlotData[], { title, note, x, y }: PlotOptions): string {
  const axes = [x !== undefined && `x: ${x}`, y !== undefined && `y: ${y}`].filter(Boolean).join(", ");
  const shown = traces.filter(({ hoverinfo }) => hoverinfo !== "skip"); // no coast lines
  const parts = shown.map((trace) =>
    trace.name ? `${trace.name} (${pointsText(trace)})` : pointsText(trace),
  );
  const name = note ? `${title}, ${note}` : title;
  return printable(`Plot "${name}"${axes && ` (${axes})`}: ${parts.join(", ") || "nothing to show"}`);
}

function pointsText({ x, y, values, z }: PlotData): string {
  const rows = [x, y, values, z] as ({ length: number } | undefined)[];
  const count = Math.max(0, ...rows.map((row) => row?.length ?? 0));
  return count === 1 ? "1 point" : `${formatCount(count)} points`;
}
