/** The result of a part of the benchmark: a table, targets that are met or missed, and all figures. */
import Table from "cli-table3";
import colours from "picocolors";

export interface Target {
  /** The figure and its target, in a sentence. */
  sentence: string;
  /** Undefined where this machine cannot measure it. */
  met: boolean | undefined;
}

export interface Report {
  head: string[];
  rows: (string | number)[][];
  targets: Target[];
  figures: unknown;
}

/** Returns a target: `figure` must be at most, or at least, the limit. */
export function target(
  what: string,
  figure: number,
  limit: { most: number } | { least: number },
  digits = 2,
): Target {
  const [word, value] = "most" in limit ? ["at most", limit.most] : ["at least", limit.least];
  const met = "most" in limit ? figure <= limit.most : figure >= limit.least;
  return { sentence: `${what}: ${figure.toFixed(digits)} (target: ${word} ${value})`, met };
}

/** Prints a report as a table and a list of targets. */
export function print({ head, rows, targets }: Report): void {
  const table = new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
    style: { head: ["bold"], compact: true },
  });
  for (const row of rows) table.push(row.map(String));
  console.log(table.toString());
  for (const { sentence, met } of targets) console.log(`  ${mark(met)} ${sentence}`);
}

function mark(met: boolean | undefined): string {
  if (met === undefined) return colours.dim("–");
  return met ? colours.green("✓") : colours.red("✗");
}
