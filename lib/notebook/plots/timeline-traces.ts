/** Makes the traces of a timeline. Each phase and each error code is one, with an entry in the legend. */
import { addressString } from "../../peer/address";
import { COLOURS } from "./colours";
import type { PlotData } from "./plot-data";
import type { Span } from "./span";
import { type Bar, type Segment, withinBudget } from "./timeline-bars";

/** The phases in their order. Their colours differ in lightness too. */
const PHASES: Record<string, string> = {
  connecting: COLOURS.blue,
  sending: COLOURS.purple,
  waiting: COLOURS.skyBlue,
  reading: COLOURS.green,
  working: COLOURS.orange,
};

/** Failures share one colour, and each error code has its own pattern. */
const PATTERNS = ["/", "x", ".", "\\", "+", "-", "|"];

/** Cuts a visit into its phases. A failed visit, and work without phases, is one segment. */
function segmentsOf({ startedAt, connectedAt, sentAt, firstByteAt, endedAt, error }: Span): Segment[] {
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

/** Returns the traces of all rows, the phases first. The time axis begins at `start`, in milliseconds. */
export function segmentTraces(rows: readonly (readonly Span[])[], start: number): PlotData[] {
  const bars = withinBudget(rows.flatMap((visits, row) => visits.flatMap((visit) => barsOf(visit, row))));
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

function barsOf(visit: Span, row: number): Bar[] {
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
    hovertemplate: "%{text}<br>%{fullData.name}: %{x:.3f} s<extra></extra>",
  };
}

function markerOf(kind: string, failure: number): object {
  // Neighbouring bars of work have one colour: a thin line separates them.
  const line = kind === "working" ? { width: 1, color: "rgba(255, 255, 255, 0.8)" } : { width: 0 };
  if (failure < 0) return { color: PHASES[kind], line };
  // "overlay" draws the lines on the colour. The default would let the page show through.
  const shape = PATTERNS[failure % PATTERNS.length];
  const pattern = { shape, fillmode: "overlay", fgcolor: "#fff", fgopacity: 0.85, size: 6, solidity: 0.3 };
  return { color: COLOURS.vermillion, line: { width: 0 }, pattern };
}
