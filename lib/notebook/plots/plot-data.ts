/**
 * The data of a plot: what a cell passes to `plot`, and plotly's JSON.
 *
 * The JSON is kept small, because an output contains it twice (plot.ts).
 */
import { escapeInvalidBytes, printable } from "../../wire/text";

/** Numbers, dates or names along an axis. */
type PlotValues = ArrayLike<number | bigint | string | Date | null | undefined>;

/**
 * One trace of a plot: a series of points or bars, or a line.
 *
 * The common options are named here. All other options of plotly's traces work too:
 * https://plotly.com/javascript/reference/
 */
export interface PlotData {
  /** "scatter" (the default), "bar", "histogram", "box", "heatmap", … */
  type?: string;
  /** For scatter: "lines", "markers" or "lines+markers". */
  mode?: string;
  /** Its name in the legend. */
  name?: string;
  x?: PlotValues;
  y?: PlotValues;
  /** For bars: "h" for horizontal bars. */
  orientation?: string;
  /** The text of each point, shown when the mouse is over it. */
  text?: string | ArrayLike<string>;
  /** Plotly's template. Its tags are plotly's: `%{text}` shows text of peers, which must not be part of it. */
  hovertemplate?: string;
  marker?: object;
  line?: object;
  [option: string]: unknown;
}

/** Traces and layout in plotly's own JSON. */
export interface Figure {
  data: object[];
  layout: object;
}

/** The fractions of an array are rounded to this many steps of its range: more than a screen has pixels. */
const STEPS = 20_000;
/** At least this many significant digits are kept, for logarithmic axes. */
const MIN_DIGITS = 4;

/**
 * Returns text that plotly shows as it is, and that is safe to show.
 *
 * Plotly reads a few tags (`<b>`, `<a href>`), entities, and formulas between dollars in all text that it
 * draws (https://plotly.com/chart-studio-help/adding-HTML-and-links-to-charts/). A user agent may hold them.
 */
export function plotText(text: string): string {
  return printable(text).replace(/[&<$]/g, (character) => ENTITIES[character]);
}

/** Plotly knows few names of entities, but all numbers. */
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", $: "&#36;" };

/** The options of traces in which the course's code may use plotly's tags. All other text is data. */
const TRACE_MARKUP = /(template|format|prefix|suffix)$|^title$/;
/** The same for a layout, where `text` is that of a title or an annotation. */
const LAYOUT_MARKUP = /(template|format|prefix|suffix)$|^(title|text)$/;

/** Converts a trace, or a value in one, to plotly's JSON. Its text is data: see `plotText`. */
export function traceJson(value: unknown): unknown {
  return toPlotJson(value, TRACE_MARKUP, plotText);
}

/** Converts a layout to plotly's JSON. Text but that of titles, annotations and templates is data. */
export function layoutJson(layout: object): object {
  return toPlotJson(layout, LAYOUT_MARKUP, plotText) as object;
}

/**
 * Converts a value to plotly's JSON.
 *
 * Typed arrays become arrays, dates ISO 8601 text, bigints numbers, and NaN and infinities `null`.
 * Fractions are rounded to what can be seen. Text goes through `textOf`, but in options that `markup`
 * matches it is only made valid UTF-16, as a notebook's file needs it.
 */
function toPlotJson(value: unknown, markup: RegExp, textOf: (text: string) => string): unknown {
  const json = (inner: unknown, text = textOf) => toPlotJson(inner, markup, text);
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return textOf(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return json(Array.from(value as Uint8Array));
  if (Array.isArray(value)) return rounded(value.map((item) => json(item)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, of]) => of !== undefined)
      .map(([name, of]) => [name, json(of, markup.test(name) ? escapeInvalidBytes : textOf)]),
  );
}

/** Rounds the fractions of an array of numbers. Returns any other array as it is. */
function rounded(row: unknown[]): unknown[] {
  if (!row.every((value): value is number | null => value === null || typeof value === "number")) return row;
  const numbers = row.filter((value) => value !== null);
  if (numbers.every(Number.isInteger)) return row;
  const [least, greatest] = numbers.reduce(
    ([least, greatest], value) => [Math.min(least, value), Math.max(greatest, value)],
    [Infinity, -Infinity],
  );
  const step = (greatest - least || Math.abs(greatest)) / STEPS;
  return row.map((value) => (value === null || Number.isInteger(value) ? value : roundedTo(value, step)));
}

function roundedTo(value: number, step: number): number {
  const decimals = Math.max(
    0,
    Math.ceil(-Math.log10(step)),
    MIN_DIGITS - 1 - Math.floor(Math.log10(Math.abs(value))),
  );
  return decimals > 100 ? value : Number(value.toFixed(decimals));
}

/** Merges plain objects at every depth. Later ones override earlier ones; arrays are not merged. */
export function merged(...layers: object[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      result[name] = isPlain(result[name]) && isPlain(value) ? merged(result[name], value) : value;
    }
  }
  return result;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
