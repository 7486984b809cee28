/** `showTable`: shows rows as a table under the cell. */
import Table from "cli-table3";
import { formatCount } from "../../util/numbers";
import { escapeInvalidBytes } from "../../wire/text";
import { showBundle } from "../cell/display";
import { escapeHtml } from "./plot-html";

export interface TableOptions {
  title?: string;
  /** The largest number of rows to show. 20 if not given. */
  most?: number;
  /** The columns that hold code. Their spaces are kept. */
  code?: readonly string[];
}

const MOST = 20;
const NO_ROWS = "There are no rows.";

/** The parts of the style that a reader can do without: see LEFT. Lines and colours are the theme's. */
const CSS =
  ".course-table{margin:0.5em 0}.course-table caption{text-align:left;font-weight:bold;padding-bottom:0.4em}" +
  ".course-table .number{font-variant-numeric:tabular-nums}" +
  ".course-table td{white-space:pre-wrap}.course-table+p{opacity:0.75}";

/**
 * Alignment stands at each cell, and code in `<pre>` elements: the `<style>` element is removed if a
 * notebook is not trusted, and by code-hosting pages.
 *
 * JupyterLab aligns all cells to the right, so text needs a side too.
 */
const LEFT = `class="text" style="text-align:left"`;
const CODE = "white-space:pre;background:none";
const RIGHT = `class="number" style="text-align:right"`;

/**
 * Shows rows as a table under the cell, with a column for each name that occurs in a row.
 *
 * If not all rows are shown, a note says how many there are. Outside of a notebook the table is printed.
 */
export function showTable(rows: Record<string, unknown>[], options: TableOptions = {}): void {
  showBundle({ "text/html": tableHtml(rows, options), "text/plain": tableText(rows, options) });
}

/** Returns a table as HTML. Numeric columns are aligned to the right. */
export function tableHtml(
  rows: readonly Record<string, unknown>[],
  { title, most = MOST, code = [] }: TableOptions = {},
): string {
  const columns = columnsOf(rows);
  const sideOf = (column: string) => (isNumeric(rows, column) ? RIGHT : LEFT);
  const inside = (column: string, text: string) =>
    code.includes(column) ? `<pre style="${CODE}">${text}</pre>` : text;
  const cells = (row: Record<string, unknown>) =>
    columns
      .map((column) => `<td ${sideOf(column)}>${inside(column, escapeHtml(cellText(row[column])))}</td>`)
      .join("");
  const note = rows.length === 0 ? NO_ROWS : moreText(rows.length, most);
  return [
    `<style>${CSS}</style>`,
    `<table class="course-table">`,
    ...(title === undefined ? [] : [`<caption>${escapeHtml(title)}</caption>`]),
    `<thead><tr>${columns.map((column) => `<th ${sideOf(column)}>${escapeHtml(column)}</th>`).join("")}</tr></thead>`,
    `<tbody>`,
    ...rows.slice(0, most).map((row) => `<tr>${cells(row)}</tr>`),
    `</tbody></table>`,
    ...(note ? [`<p>${note}</p>`] : []),
  ].join("\n");
}

/** Returns a table as text. */
export function tableText(
  rows: readonly Record<string, unknown>[],
  { title, most = MOST }: TableOptions = {},
): string {
  const columns = columnsOf(rows);
  const table = new Table({
    head: columns,
    colAligns: columns.map((column) => (isNumeric(rows, column) ? "right" : "left")),
    style: { head: [], border: [] },
  });
  for (const row of rows.slice(0, most)) table.push(columns.map((column) => cellText(row[column])));
  return [title, rows.length > 0 ? table.toString() : NO_ROWS, moreText(rows.length, most)]
    .filter(Boolean)
    .join("\n");
}

/** Returns the names that occur in rows, in the order of their first occurrence. */
function columnsOf(rows: readonly Record<string, unknown>[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function isNumeric(rows: readonly Record<string, unknown>[], column: string): boolean {
  const values = rows.map((row) => row[column]).filter((value) => value !== undefined && value !== null);
  return values.length > 0 && values.every((value) => typeof value === "number" || typeof value === "bigint");
}

/**
 * Returns a value as a table shows it.
 *
 * Numbers get thousands separators and three decimals; numbers below 1 get three significant digits.
 * Dates are ISO 8601, `null` and `undefined` are empty, objects are JSON.
 */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "bigint") return value.toLocaleString("en");
  if (typeof value === "number") {
    const digits = Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 3 };
    return value.toLocaleString("en", digits);
  }
  if (value instanceof Date) return value.toISOString();
  return escapeInvalidBytes(
    typeof value === "object" ? JSON.stringify(withoutBigints(value)) : String(value),
  );
}

/** Returns a copy of a JSON value whose bigints are text, which JSON can write. */
function withoutBigints(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (_, of: unknown) => (typeof of === "bigint" ? String(of) : of)));
}

function moreText(count: number, most: number): string {
  if (count <= most) return "";
  return `The first ${formatCount(most)} of ${formatCount(count)} rows.`;
}
