/** Fewer bars for a timeline of thousands of visits, where no eye could part them. */

/** A piece of a visit. Times are those of the visit, in milliseconds. */
export interface Segment {
  kind: string;
  from: number;
  to: number;
}

/** A piece in its row, and what is shown when the mouse is over it. */
export interface Bar extends Segment {
  row: number;
  text: string;
}

/** So many bars draw at once, and take some 100 kB in a notebook. */
const MOST_BARS = 3000;

/** The bars as they are; or, if they are more than 3,000, bars that show for each short time what most of it went to. */
export function withinBudget(bars: Bar[]): Bar[] {
  if (bars.length <= MOST_BARS) return bars;
  const rows = [...new Set(bars.map(({ row }) => row))];
  const columns = Math.max(50, Math.floor(MOST_BARS / rows.length));
  const from = bars.reduce((least, bar) => Math.min(least, bar.from), Infinity);
  const to = bars.reduce((greatest, bar) => Math.max(greatest, bar.to), -Infinity);
  const width = (to - from) / columns;
  return rows.flatMap((row) => {
    const own = bars.filter((bar) => bar.row === row);
    return joined(mainKinds(own, from, width, columns), from, width, row);
  });
}

/** What most of each column's time went to; undefined where most of it went to nothing. */
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

/** A bar for each stretch of columns of one kind. */
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
