/**
 * `profileLines`: measures where the time of a function goes, line by line.
 *
 * It measures wall-clock time, including the time that a line waits at an `await`. A profiler of CPU
 * time would show nothing for a function that waits.
 */
import { performance } from "node:perf_hooks";
import type { AnyFunction } from "../../checks/exercise";
import { type FunctionSource, functionSource } from "./function-source";
import { LineClock } from "./line-clock";
import { formatCount } from "../../util/numbers";
import { showTable } from "../plots/table";

/** One line of a profiled function. Exported, because a cell's variable may be of this type. */
export interface ProfiledLine {
  /** The line's number in the cell or file, from 1. */
  line: number;
  /** How often a statement on the line was started. */
  hits: number;
  /** Milliseconds of wall-clock time. */
  ms: number;
  /** The line's part of the total time, from 0 to 1. */
  share: number;
  code: string;
}

/** The time of one call of a function, by line. */
export interface LineProfile {
  name: string;
  /** `lib/peer/handshake.ts`, `a cell`, or `compiled code` if the source was not found. */
  place: string;
  totalMs: number;
  lines: ProfiledLine[];
  /** What the call returned or resolved to … */
  value?: unknown;
  /** … or what it threw or rejected with. */
  error?: unknown;
}

/**
 * Calls `fn` with the arguments, shows how long each of its lines took, and resolves to the profile.
 *
 * An error that `fn` throws is kept in the profile's `error`.
 *
 * @throws TypeError if the source of `fn` is not found: see `functionSource`.
 */
export async function profileLines(fn: AnyFunction, ...parameters: unknown[]): Promise<LineProfile> {
  const profile = await lineProfile(functionSource(fn), parameters);
  showTable(profileRows(profile), { title: profileTitle(profile), most: Infinity, code: ["code"] });
  return profile;
}

/** Calls a copy of a function once, and resolves to its profile. `now` returns milliseconds. */
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

/** Length of the longest bar, in characters. */
const BAR_WIDTH = 12;

/** Returns a profile as rows of a table. A line on which no statement started has only its code. */
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

/** Returns a share from 0 to 1 as a bar, precise to an eighth of a character. */
function bar(share: number): string {
  const eighths = Math.round(8 * BAR_WIDTH * share);
  const part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
  return "█".repeat(Math.floor(eighths / 8)) + part;
}

function profileTitle({ name, place, totalMs, error }: LineProfile): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const end = error === undefined ? "" : `, and ended in ${message}`;
  return `${name}, from ${place}, took ${formatCount(Math.round(totalMs))} ms${end}`;
}
