/** Arranges the spans of a timeline in rows. */
import { formatCount } from "../../util/numbers";
import type { Span } from "./span";

interface Rows {
  /** From top to bottom. */
  rows: Span[][];
  /** The labels beside the rows. `at` is an index in `rows`; it may lie between two. */
  ticks: { at: number; text: string }[];
  /** Says how many rows were left out; empty if none were. */
  note: string;
}

/** Makes a row for each of the first `most` spans, in the order of their starts. */
export function visitRows(spans: readonly Span[], most: number): Rows {
  const shown = inOrder(spans).slice(0, most);
  const step = Math.max(1, Math.round(shown.length / 12));
  const numbers = shown.map((_, at) => ({ at, text: String(at + 1) }));
  return {
    rows: shown.map((span) => [span]),
    ticks: numbers.filter(({ at }) => at === 0 || (at + 1) % step === 0),
    note: noteOf("visits", shown.length, spans.length),
  };
}

/**
 * Makes a row for each worker, in the order of their names, and at most `most` rows.
 *
 * A worker that does several things at once gets several rows.
 */
export function laneRows(spans: readonly Span[], most: number): Rows {
  const all = byWorker(spans).flatMap(([worker, own]) => packed(own).map((row) => ({ worker, row })));
  const shown = all.slice(0, most);
  const workers = [...new Set(shown.map(({ worker }) => worker))];
  return {
    rows: shown.map(({ row }) => row),
    ticks: workers.map((worker) => ({
      at: middle(shown.map((lane) => lane.worker === worker)),
      text: worker,
    })),
    note: noteOf("lanes", shown.length, all.length),
  };
}

function noteOf(what: string, shown: number, all: number): string {
  return shown < all ? `the first ${formatCount(shown)} of ${formatCount(all)} ${what}` : "";
}

function inOrder(spans: readonly Span[]): Span[] {
  return [...spans].sort((a, b) => a.startedAt - b.startedAt);
}

function byWorker(spans: readonly Span[]): [worker: string, spans: Span[]][] {
  const groups = new Map<string, Span[]>();
  for (const span of inOrder(spans)) {
    const worker = span.worker ?? "main";
    const own = groups.get(worker);
    if (own) own.push(span);
    else groups.set(worker, [span]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
}

/** Arranges spans in as few rows as possible, so that those of a row do not overlap. */
function packed(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = [];
  for (const span of spans) {
    const free = rows.find((row) => row[row.length - 1].endedAt <= span.startedAt);
    if (free) free.push(span);
    else rows.push([span]);
  }
  return rows;
}

/** Returns the middle between the first and the last index that holds true. */
function middle(flags: readonly boolean[]): number {
  return (flags.indexOf(true) + flags.lastIndexOf(true)) / 2;
}
