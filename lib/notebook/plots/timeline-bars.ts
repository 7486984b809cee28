/** Reduces the bars of a timeline of thousands of visits, which the eye could not tell apart. */

/** A part of a span. Times are on the clock of the span, in milliseconds. */
export interface Segment {
  /** A phase (`waiting`), `working`, or a failure (`failed: REFUSED`). */
  kind: string;
  from: number;
  to: number;
}

/** A segment in its row, with the text that is shown when the mouse is over it. */
export interface Bar extends Segment {
  row: number;
  text: string;
}

/** A browser draws this many bars without a delay, and they take about 100 kB in a notebook. */
const MAX_BARS = 3000;

/**
 * Returns bars as they are, if there are at most MAX_BARS.
 *
 * Otherwise it cuts the time into columns, and returns bars of the kind that took most of each column.
 */
export function withinBudget(bars: Bar[]): Bar[] {
  if (bars.length <= MAX_BARS) return bars;
  const rows = [...new Set(bars.map(({ row }) => row))];
  const columns = Math.max(50, Math.floor(MAX_BARS / rows.length));
  const from = bars.reduce((least, bar) => Math.min(least, bar.from), Infinity);
  const to = bars.reduce((greatest, bar) => Math.max(greatest, bar.to), -Infinity);
  const width = (to - from) / columns;
  return rows.flatMap((row) => {
    const own = bars.filter((bar) => bar.row === row);
    return joined(mainKinds(own, from, width, columns), from, width, row);
  });
}

/** Returns the kind that took most of each column, or undefined for a column that was idle for over half. */
function mainKinds(
  bars: readonly Bar[],
  from: number,
  width: number,
  columns: number,
): (string | undefined)[] {
  const times = Array.from({ length: columns }, () => new Map<string, number>());
  for (const bar of bars) {
    const last = Math.min(columns - 1, Math.floor((bar.to - from) / width));
    for (let column = Math.floor((bar.from - from) / width); column <= last; column++) {
      const left = Math.max(bar.from, from + column * width);
      const right = Math.min(bar.to, from + (column + 1) * width);
      times[column].set(bar.kind, (times[column].get(bar.kind) ?? 0) + right - left);
    }
  }
  return times.map((kinds) => mainOf(kinds, width));
}

function mainOf(kinds: Map<string, number>, width: number): string | undefined {
  const busy = [...kinds.values()].reduce((sum, time) => sum + time, 0);
  const [main] = [...kinds].sort(([, a], [, b]) => b - a);
  return busy < width / 2 ? undefined : main[0];
}

/** Joins neighbouring columns of one kind to one bar. */
function joined(kinds: readonly (string | undefined)[], from: number, width: number, row: number): Bar[] {
  const bars: Bar[] = [];
  kinds.forEach((kind, column) => {
    if (kind === undefined) return;
    const [left, right] = [from + column * width, from + (column + 1) * width];
    const before = bars[bars.length - 1];
    if (column > 0 && kinds[column - 1] === kind) before.to = right;
    else bars.push({ kind, from: left, to: right, row, text: "for the most part" });
  });
  return bars;
}
