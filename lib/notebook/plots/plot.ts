/**
 * `plot`: one plot under the cell. All plots of the course go through it.
 *
 * The output has three forms, of which each front end takes the one it knows best: plotly's own
 * JSON (VS Code, and a JupyterLab with plotly's extension), HTML that draws the plot (JupyterLab and
 * an exported page), and a sentence (a terminal).
 */
import { showBundle } from "../kernel/display";
import { type Figure, merged, toPlotJson, type PlotData } from "./plot-data";
import { plotHtml } from "./plot-html";
import { STYLE } from "./plot-style";
import { formatCount } from "../../util/numbers";

/** What a plot says besides its points. `x` and `y` are the titles of the axes, with their units; `height` is in pixels, 400 if not given; `layout` is plotly's, and goes before our own. */
export interface PlotOptions {
  title: string;
  x?: string;
  y?: string;
  height?: number;
  layout?: object;
}

/** What a plot's output consists of, by MIME type. */
export interface PlotBundle extends Record<string, unknown> {
  "application/vnd.plotly.v1+json": Figure;
  "text/html": string;
  "text/plain": string;
}

const HEIGHT = 400;

/** Shows one plot under the cell; outside of a notebook, a sentence that says what it would show. */
export function plot(traces: PlotData[], options: PlotOptions): void {
  showBundle(plotBundle(traces, options));
}

/** The plot in all its forms. */
export function plotBundle(traces: readonly PlotData[], options: PlotOptions): PlotBundle {
  const figure = plotFigure(traces, options);
  const summary = plotSummary(traces, options);
  return {
    "application/vnd.plotly.v1+json": figure,
    "text/html": plotHtml(figure, summary, options.height ?? HEIGHT),
    "text/plain": summary,
  };
}

/** The plot as plotly takes it. */
export function plotFigure(traces: readonly PlotData[], options: PlotOptions): Figure {
  const { title, x, y, height = HEIGHT, layout = {} } = options;
  const own = {
    title: { text: title },
    height,
    ...(x !== undefined && { xaxis: { title: { text: x } } }),
    ...(y !== undefined && { yaxis: { title: { text: y } } }),
  };
  return {
    data: traces.map((trace) => toPlotJson({ type: "scatter", ...trace }) as object),
    layout: toPlotJson(merged(STYLE, own, fullNumbers(layout), layout)) as object,
  };
}

/** Logarithmic axes with their ticks in full: plotly would write 2 and 5 where it means 20 and 50. */
function fullNumbers(layout: object): object {
  const axes = Object.entries(layout as Record<string, { type?: string } | undefined>);
  const logarithmic = axes.filter(([name, axis]) => /^[xy]axis\d*$/.test(name) && axis?.type === "log");
  return Object.fromEntries(logarithmic.map(([name]) => [name, { tickformat: "," }]));
}

/** What the plot shows, in a sentence: `Plot "Answers" (x: seconds, y: peers): received (120 points), failed (30 points)`. */
export function plotSummary(traces: readonly PlotData[], { title, x, y }: PlotOptions): string {
  const axes = [x !== undefined && `x: ${x}`, y !== undefined && `y: ${y}`].filter(Boolean).join(", ");
  const parts = traces.map((trace) =>
    trace.name ? `${trace.name} (${pointsText(trace)})` : pointsText(trace),
  );
  return `Plot "${withoutTags(title)}"${axes && ` (${axes})`}: ${parts.join(", ") || "nothing to show"}`;
}

function pointsText({ x, y, values, z }: PlotData): string {
  const rows = [x, y, values, z] as ({ length: number } | undefined)[];
  const count = Math.max(0, ...rows.map((row) => row?.length ?? 0));
  return count === 1 ? "1 point" : `${formatCount(count)} points`;
}

/** A title without plotly's own tags. */
function withoutTags(title: string): string {
  return title.replaceAll(/<br ?\/?>/g, ", ").replaceAll(/<\/?\w+>/g, "");
}
