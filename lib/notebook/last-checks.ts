/** What `check` has said last of each exercise, in this kernel. */
import type { Exercise } from "../checks/exercise";
import { exercises } from "../exercises/exercises";

interface LastCheck {
  /** What was checked. */
  fn: unknown;
  /** The number of the cell that did. */
  cell: number;
  failed: boolean;
}

const lastChecks = new Map<string, LastCheck>();

/** Returns what was said last of an exercise; undefined if it was not checked yet. */
export function lastCheckOf(id: string): LastCheck | undefined {
  return lastChecks.get(id);
}

/** Notes what was said of an exercise just now. */
export function noteCheck(id: string, check: LastCheck): void {
  lastChecks.set(id, check);
}

/** Forgets what was said of the learner's answer: from here on another takes its place. */
export function forgetCheck(id: string): void {
  lastChecks.delete(id);
}

/** Returns the ids of the exercises of the same lesson whose names an answer contains, and which failed last. */
export function failedHelpers({ id, notebook }: Exercise, fn: unknown): string[] {
  const words = new Set(Function.prototype.toString.call(fn).match(/[\w$]+/g));
  return Object.values(exercises)
    .filter((other) => other.notebook === notebook && other.id !== id && words.has(other.id))
    .map((other) => other.id)
    .filter((other) => lastChecks.get(other)?.failed);
}
