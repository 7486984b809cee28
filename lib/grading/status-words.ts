/** What a page of results shows of an exercise: its status in words, and the checks that a learner should read of. */
import type { CheckResult } from "../checks/run-checks";
import type { ExerciseResult, Status } from "./result";

export const STATUS_WORDS: Record<Status, string> = {
  solved: "✓ solved",
  failed: "✗ not yet",
  untouched: "○ not begun",
  missing: "? not found",
  crashed: "✗ it ended its process",
  timeout: "✗ it never finished",
};

/** Returns the checks that failed; none of an exercise that nobody has begun. */
export function failedChecksOf({ status, checks }: ExerciseResult): CheckResult[] {
  return status === "untouched" ? [] : checks.filter(({ passed }) => !passed);
}
