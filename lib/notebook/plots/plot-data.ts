/** What a plot is made of, as small as it can be said in JSON: it stands in the notebook twice (see plot.ts). */

import { escapeInvalidBytes } from "../../wire/text";

/** Numbers, dates or names along an axis. */
export type PlotValues = ArrayLike<number | bigint | string | Date | null | undefined>;

/**
 * One trace of a plot: a row of points, of bars, a line. The options that most need are named here;
 * all others are plotly's too (https://plotly.com/javascript/reference/).
 */
export interface PlotData {
  /** "scatter" (the default), "bar", "histogram", "box", "heatmap", … */
  type?: string;
  /** For scatter: "lines", "markers" or "lines+markers". */
  mode?: string;
  /** What the legend calls it. */
  name?: string;
  x?: PlotValues;
  y?: PlotValues;
  /** For bars: "h" for bars to the right. */
  orientation?: string;
  /** What is shown at a point that the mouse is over. */
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

/** How finely the numbers of a row are kept: this many steps between its least and its greatest, far more than a screen has … */
const STEPS = 20_000;
/** … and no fewer digits than these, so that small ones are still themselves on a logarithmic axis. */
const DIGITS = 4;

/** A value as plotly's JSON has it: typed arrays and dates as JSON knows them, numbers rounded to what can be seen, text that a notebook's file can hold, and `null` for what is no number. */
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

/** A row with its fractions rounded, if it is one of numbers; as it was if not. */
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
    DIGITS - 1 - Math.floor(Math.log10(Math.abs(value))),
  );
  return decimals > 100 ? value : Number(value.toFixed(decimals));
}

/** Plain objects put over each other, the later ones on top, at every depth. */
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
