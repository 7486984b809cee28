/**
 * `profileLines`: where the time of a function goes, line by line.
 *
 * Time is that of the wall clock. What passes while a line waits at an `await` is that line's time:
 * a profiler that counts work alone would say of a function that waits that it does nothing.
 */
import { performance } from "node:perf_hooks";
import type { AnyFunction } from "../../checks/exercise";
import { type FunctionSource, functionSource } from "./function-source";
import { LineClock } from "./line-clock";
import { showTable } from "../plots/table";

/** One line of a profiled function. */
export interface ProfiledLine {
  /** Its number in the cell or file, from 1. */
  line: number;
  /** How often a statement on it was started. */
  hits: number;
  /** Milliseconds of wall-clock time. */
  ms: number;
  /** Its part of the whole, from 0 to 1. */
  share: number;
  code: string;
}

/** Where the time of one call went. */
export interface LineProfile {
  name: string;
  /** `lib/peer/handshake.ts`, `a cell`, or `compiled code` where the source could not be had. */
  place: string;
  totalMs: number;
  lines: ProfiledLine[];
  /** What the call gave … */
  value?: unknown;
  /** … or what it threw. */
  error?: unknown;
}

/** Calls `fn` with the arguments, shows how long each of its lines took, and returns that. An error of `fn` is kept in `error`. Rejects with a TypeError if `fn` has no source that can be had. */
export async function profileLines(fn: AnyFunction, ...parameters: unknown[]): Promise<LineProfile> {
  const profile = await lineProfile(functionSource(fn), parameters);
  showTable(profileRows(profile), { title: profileTitle(profile), most: Infinity, code: ["code"] });
  return profile;
}

/** The profile of one call of a function. `now` gives milliseconds. */
export async function lineProfile(
  source: FunctionSource,
  parameters: unknown[],
  now: () => number = () => performance.now(),
): Promise<LineProfile> {
  const clock = new LineClock(now);
  const copy = source.copy(clock);
  const outcome: Pick<LineProfile, "value" | "error"> = {};
  try {
    outcome.value = await copy(...parameters);
  } catch (error) {
    outcome.error = error;
  }
  clock.stop();
  const lines = profiledLines(source, clock);
  const totalMs = lines.reduce((sum, { ms }) => sum + ms, 0);
  return { name: source.name, place: source.place, totalMs, lines, ...outcome };
}

function profiledLines({ text, firstLine, lastLine }: FunctionSource, clock: LineClock): ProfiledLine[] {
  const total = [...clock.lines.values()].reduce((sum, { ms }) => sum + ms, 0);
  const codes = text.split("\n").slice(firstLine - 1, lastLine);
  return codes.map((code, i) => {
    const { hits, ms } = clock.lines.get(firstLine + i) ?? { hits: 0, ms: 0 };
    return { line: firstLine + i, hits, ms, share: total === 0 ? 0 : ms / total, code };
  });
}

/** How wide the longest bar is, in characters. */
const BAR_WIDTH = 12;

/** The profile as rows of a table. Lines on which nothing starts have their code alone. */
export function profileRows({ lines }: LineProfile): Record<string, unknown>[] {
  return lines.map(({ line, hits, ms, share, code }) => ({
    line,
    hits: hits || undefined,
    ms: hits ? round(ms) : undefined,
    "ms per hit": hits ? round(ms / hits) : undefined,
    "% of time": hits ? Math.round(1000 * share) / 10 : undefined,
    bar: bar(share),
    code,
  }));
}

function round(ms: number): number {
  return Number(ms.toFixed(ms < 10 ? 3 : 1));
}

/** A share from 0 to 1 as a bar, of eighths of characters. */
export function bar(share: number): string {
  const eighths = Math.round(8 * BAR_WIDTH * share);
  const part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
  return "█".repeat(Math.floor(eighths / 8)) + part;
}

function profileTitle({ name, place, totalMs, error }: LineProfile): string {
  const how =
    error === undefined
      ? ""
      : `, and ended in ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  return `${name}, from ${place}, took ${totalMs.toLocaleString("en", { maximumFractionDigits: 0 })} ms${how}`;
}
