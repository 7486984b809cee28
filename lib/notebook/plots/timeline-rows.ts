/** Which visit stands in which row of a timeline. */
import type { Span } from "./span";
import { formatCount } from "../../util/numbers";

/** Rows from top to bottom, what stands beside them, and what was left out, as a sentence. */
export interface Rows {
  rows: Span[][];
  ticks: { at: number; text: string }[];
  note: string;
}

/** A row for each of the first `most` visits, in the order of their beginnings. */
export function visitRows(visits: readonly Span[], most: number): Rows {
  const shown = inOrder(visits).slice(0, most);
  const step = Math.max(1, Math.round(shown.length / 12));
  const numbers = shown.map((_, at) => ({ at, text: String(at + 1) }));
  return {
    rows: shown.map((visit) => [visit]),
    ticks: numbers.filter(({ at }) => at === 0 || (at + 1) % step === 0),
    note: noteOf("visits", shown.length, visits.length),
  };
}

/** A row for each worker, in the order of their names; more than one for a worker that has several visits under way at once. At most `most` rows. */
export function laneRows(visits: readonly Span[], most: number): Rows {
  const all = byWorker(visits).flatMap(([worker, own]) => packed(own).map((row) => ({ worker, row })));
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

function inOrder(visits: readonly Span[]): Span[] {
  return [...visits].sort((a, b) => a.startedAt - b.startedAt);
}

function byWorker(visits: readonly Span[]): [worker: string, visits: Span[]][] {
  const groups = new Map<string, Span[]>();
  for (const visit of inOrder(visits)) {
    const worker = visit.worker ?? "main";
    const own = groups.get(worker);
    if (own) own.push(visit);
    else groups.set(worker, [visit]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
}

/** Visits in as few rows as it takes, so that no two in a row are under way at once. */
function packed(visits: readonly Span[]): Span[][] {
  const rows: Span[][] = [];
  for (const visit of visits) {
    const free = rows.find((row) => row[row.length - 1].endedAt <= visit.startedAt);
    if (free) free.push(visit);
    else rows.push([visit]);
  }
  return rows;
}

/** The middle of the places that hold true. */
function middle(places: readonly boolean[]): number {
  return (places.indexOf(true) + places.lastIndexOf(true)) / 2;
}
