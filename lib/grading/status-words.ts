/** What a page of results shows of an exercise: its status in words, and the checks that a learner should read of. */
import { stubMessage } from "../checks/exercise";
import type { CheckResult } from "../checks/run-checks";
import type { ExerciseResult, Status } from "./result";

export const STATUS_WORDS: Record<Status, string> = {
  solved: "✓ solved",
  failed: "✗ not yet",
  untouched: "○ not begun",
  missing: "? not found",
  crashed: "✗ it ended its process",
  timeout: "✗ it never finished",
  tampered: "? to be looked at",
};

/** Returns the checks that failed, but not those that say no more than that nobody has begun. */
export function failedChecksOf({ id, checks }: ExerciseResult): CheckResult[] {
  return checks.filter(({ passed, message }) => !passed && message !== stubMessage(id));
}
