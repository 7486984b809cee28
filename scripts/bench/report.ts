/** What a part of the benchmark found: a table to read, targets that were met or not, and all figures. */
import Table from "cli-table3";
import colours from "picocolors";

export interface Target {
  /** What was measured and what was wanted, in a sentence. */
  sentence: string;
  /** Undefined where this machine cannot tell. */
  met: boolean | undefined;
}

export interface Report {
  head: string[];
  rows: (string | number)[][];
  targets: Target[];
  figures: unknown;
}

/** A target that a figure must not be above, or not be below. */
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
