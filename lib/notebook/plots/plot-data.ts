/**
 * The data of a plot: what a cell passes to `plot`, and plotly's JSON.
 *
 * The JSON is kept small, because an output contains it twice (plot.ts).
 */
import { escapeInvalidBytes } from "../../wire/text";

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
 * Converts a value to plotly's JSON.
 *
 * Typed arrays become arrays, dates ISO 8601 text, bigints numbers, and NaN and infinities `null`.
 * Fractions are rounded to what can be seen. Text is made valid UTF-16, as a notebook's file needs it.
 */
export function toPlotJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return escapeInvalidBytes(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return toPlotJson(Array.from(value as Uint8Array));
  if (Array.isArray(value)) return rounded(value.map(toPlotJson));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, of]) => of !== undefined)
      .map(([name, of]) => [name, toPlotJson(of)]),
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
