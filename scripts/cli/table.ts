/** Tables of names, numbers and shares for a terminal. */
import Table from "cli-table3";
import colours from "picocolors";

/** Longest text that is shown whole, in characters. */
const MAX_LENGTH = 48;

/** Returns a table of names and numbers, with no lines between its rows. */
export function tableOf(...head: string[]): Table.Table {
  return new Table({
    head: head.map((title) => colours.bold(title)),
    colAligns: ["left", "right", "right"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
}

/** Returns the beginning of a text that is too long for a table. */
export function shortened(text: string): string {
  const characters = [...text];
  return characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join("")}…` : text;
}

/** Returns counts, most frequent first, and in alphabetical order where they are equal. */
export function mostFrequent(counts: Map<string, number>): [key: string, count: number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
