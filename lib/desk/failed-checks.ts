/** Says what a class did not understand: for each check, the share of those who tried that failed it. */
import type { LearnerResult } from "./grade-class";

/** A check that somebody failed. */
export interface FailedCheck {
  exercise: string;
  check: string;
  /** How many failed it. */
  failed: number;
  /** How many have begun the exercise. */
  tried: number;
  /** What most of those who failed it got, and how many did. */
  commonest: { message: string; count: number };
}

/** Returns the checks that somebody failed, those that the largest share failed first. */
export function failedChecks(results: readonly LearnerResult[]): FailedCheck[] {
  const tried = new Map<string, number>();
  const messages = new Map<string, Map<string, number>>();
  for (const { exercises } of results) {
    for (const { id, status, checks } of exercises) {
      // Nobody has tried it, or its checks say nothing of what was understood.
      if (["untouched", "missing", "tampered"].includes(status)) continue;
      tried.set(id, (tried.get(id) ?? 0) + 1);
      for (const { name, passed, message } of checks) {
        if (passed) continue;
        const key = JSON.stringify([id, name]);
        const counts = messages.get(key) ?? new Map<string, number>();
        const result = withoutPlaces(message);
        messages.set(key, counts.set(result, (counts.get(result) ?? 0) + 1));
      }
    }
  }
  const all = [...messages].map(([key, counts]) => {
    const [exercise, check] = JSON.parse(key) as [string, string];
    const [message, count] = [...counts].sort(([, a], [, b]) => b - a)[0];
    const failed = [...counts.values()].reduce((sum, n) => sum + n, 0);
    return { exercise, check, failed, tried: tried.get(exercise)!, commonest: { message, count } };
  });
  return all.sort((a, b) => b.failed / b.tried - a.failed / a.tried || b.failed - a.failed);
}

/** Returns a message without the places in a learner's notebook, which differ for the same mistake. */
function withoutPlaces(message: string): string {
  return message
    .replace(/\bcell \d+/g, "the cell")
    .replace(/\bline \d+/g, "a line")
    .trim();
}
