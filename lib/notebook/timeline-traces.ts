/** The bars of a timeline: a trace for each phase, and one for each way to fail, so that each has its line in the legend. */
import { addressString } from "../addresses";
import { COLOURS } from "./colours";
import type { PlotData } from "./plot-data";
import type { Spell } from "./timeline";

/** A piece of a bar. Times are those of the visit, in milliseconds. */
export interface Segment {
  kind: string;
  from: number;
  to: number;
}

/** The phases in their order, each with a colour of its own and of its own lightness. */
const PHASES: Record<string, string> = {
  connecting: COLOURS.blue,
  sending: COLOURS.purple,
  waiting: COLOURS.skyBlue,
  reading: COLOURS.green,
  working: COLOURS.orange,
};

/** Failures share one colour, and each code has its own pattern. */
const PATTERNS = ["/", "x", ".", "\\", "+", "-", "|"];

/** The pieces of a visit: its phases; or one piece from its beginning to its end if it failed, or has no phases. */
export function segmentsOf({
  startedAt,
  connectedAt,
  sentAt,
  firstByteAt,
  endedAt,
  error,
}: Spell): Segment[] {
  if (error) return [{ kind: `failed: ${error.code}`, from: startedAt, to: endedAt }];
  if (connectedAt === undefined) return [{ kind: "working", from: startedAt, to: endedAt }];
  const sent = sentAt ?? connectedAt;
  const first = firstByteAt ?? endedAt;
  return [
    { kind: "connecting", from: startedAt, to: connectedAt },
    { kind: "sending", from: connectedAt, to: sent },
    { kind: "waiting", from: sent, to: first },
    { kind: "reading", from: first, to: endedAt },
  ];
}

interface Bar extends Segment {
  row: number;
  text: string;
}

/** The traces of all rows, the phases first. `start` is when the plot's time begins, in milliseconds. */
export function segmentTraces(rows: readonly (readonly Spell[])[], start: number): PlotData[] {
  const bars = rows.flatMap((visits, row) => merge(visits.flatMap((visit) => barsOf(visit, row))));
  const kinds = [...new Set(bars.map(({ kind }) => kind))];
  const phases = Object.keys(PHASES).filter((phase) => kinds.includes(phase));
  const failures = kinds.filter((kind) => !(kind in PHASES)).sort();
  return [...phases, ...failures].map((kind) => ({
    ...barTrace(
      bars.filter((bar) => bar.kind === kind),
      start,
    ),
    name: kind,
    marker: markerOf(kind, failures.indexOf(kind)),
  }));
}

function barsOf(visit: Spell, row: number): Bar[] {
  const text = visit.label ?? (visit.address ? addressString(visit.address) : (visit.worker ?? ""));
  return segmentsOf(visit).map((segment) => ({ ...segment, row, text }));
}

function barTrace(bars: readonly Bar[], start: number): PlotData {
  return {
    type: "bar",
    orientation: "h",
    base: bars.map(({ from }) => (from - start) / 1000),
    x: bars.map(({ from, to }) => (to - from) / 1000),
    y: bars.map(({ row }) => row),
    text: bars.map(({ text }) => text),
    textposition: "none",
    width: 0.8,
    hovertemplate: "%{text}<br>%{fullData.name}, %{x:.3f} s<extra></extra>",
  };
}

function markerOf(kind: string, failure: number): object {
  if (failure < 0) return { color: PHASES[kind], line: { width: 0 } };
  const pattern = {
    shape: PATTERNS[failure % PATTERNS.length],
    fgcolor: "#fff",
    fgopacity: 0.75,
    size: 6,
    solidity: 0.35,
  };
  return { color: COLOURS.vermillion, line: { width: 0 }, pattern };
}

/** More bars than this in a row are drawn as one where no eye could part them. */
const BARS_A_ROW = 200;

/** The bars of a row, those of a kind that touch or nearly touch as one if they are many. */
function merge(bars: readonly Bar[]): Bar[] {
  if (bars.length <= BARS_A_ROW) return [...bars];
  const from = bars[0].from;
  const gap = (Math.max(...bars.map(({ to }) => to)) - from) / BARS_A_ROW;
  const merged: (Bar & { visits: number })[] = [];
  const last = new Map<string, Bar & { visits: number }>();
  for (const bar of bars) {
    const before = last.get(bar.kind);
    if (before && bar.from - before.to < gap) {
      before.to = Math.max(before.to, bar.to);
      before.visits++;
    } else {
      const begun = { ...bar, visits: 1 };
      merged.push(begun);
      last.set(bar.kind, begun);
    }
  }
  return merged.map(({ visits, ...bar }) => (visits === 1 ? bar : { ...bar, text: `${visits} visits` }));
}
