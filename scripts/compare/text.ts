/** A comparison of two snapshots as text, for a terminal. */
import { type Change, countBy, type SnapshotComparison } from "@course/lib/data";
import type { Snapshot } from "@course/lib/bitnodes";
import { formatCount } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import { percent, utcTime } from "../cli/format";
import { mostFrequent, shortened, tableOf } from "../cli/table";

/** A snapshot, and the file that it is in. */
export interface NamedSnapshot {
  file: string;
  snapshot: Snapshot;
}

const MAX_CHANGES = 10;

/** Returns what has changed as tables: the counts with their shares, and the most frequent changes. */
export function comparisonText(
  before: NamedSnapshot,
  after: NamedSnapshot,
  comparison: SnapshotComparison,
): string {
  const { changedVersion, changedOperator } = comparison;
  return [
    line(before, comparison.before),
    line(after, comparison.after),
    ...(after.snapshot.timestamp < before.snapshot.timestamp
      ? ["The second snapshot is older than the first: are they the wrong way round?"]
      : []),
    counts(comparison),
    changes("changed version", changedVersion),
    changes("changed operator", changedOperator),
  ]
    .filter(Boolean)
    .join("\n");
}

function line({ file, snapshot }: NamedSnapshot, nodes: number): string {
  const when = utcTime(snapshot.timestamp);
  return `${printable(file)}: ${when ? `${when}, ` : ""}${formatCount(nodes)} nodes`;
}

function counts({ before, after, stayed, came, left, moved, ...changed }: SnapshotComparison): string {
  const table = tableOf("nodes that", "number", "share");
  const row = (what: string, n: number, whole: number, ofWhat: string) =>
    table.push([what, formatCount(n), whole > 0 ? `${percent(n, whole)} of ${ofWhat}` : ""]);
  row("stayed", stayed.length, before, "the earlier ones");
  row("left", left.length, before, "the earlier ones");
  row("moved to another port", moved.length, before, "the earlier ones");
  row("came", came.length, after, "the later ones");
  const both = stayed.length + moved.length;
  row("changed version", changed.changedVersion.length, both, "those in both");
  if (changed.changedOperator.length > 0)
    row("changed operator", changed.changedOperator.length, stayed.length, "those that stayed");
  return table.toString();
}

/** Returns a table of the most frequent changes. */
function changes(what: string, all: readonly Change[]): string {
  const name = (text: string) => shortened(printable(text)) || "(nothing)";
  const counted = mostFrequent(countBy(all, ({ from, to }) => `${name(from)} → ${name(to)}`));
  const table = tableOf(what, "nodes", "share");
  for (const [change, n] of counted.slice(0, MAX_CHANGES))
    table.push([change, formatCount(n), percent(n, all.length)]);
  const others = counted.slice(MAX_CHANGES);
  const rest = others.reduce((sum, [, n]) => sum + n, 0);
  if (rest > 0)
    table.push([`${formatCount(others.length)} other changes`, formatCount(rest), percent(rest, all.length)]);
  return all.length > 0 ? table.toString() : "";
}
