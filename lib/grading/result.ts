/** What grading finds out, in the shape of `npm run grade -- --json FILE`. */
import type { CheckResult } from "../checks/run-checks";

/** A check as it is graded: what `check()` shows in a notebook. */
export type { CheckResult as GradedCheck };

export type Status = "solved" | "failed" | "untouched" | "missing" | "crashed" | "timeout";

export interface ExerciseResult {
  id: string;
  notebook: string;
  status: Status;
  points: number;
  possible: number;
  checks: CheckResult[];
}

export interface GradeResult {
  points: number;
  possible: number;
  exercises: ExerciseResult[];
}

/** Something to say about a notebook that costs no points by itself. */
export interface Note {
  notebook: string;
  text: string;
  /** Worth saying when all is well, too. */
  important: boolean;
}

/** The sum of some results. */
export function sumUp(exercises: ExerciseResult[]): GradeResult {
  const total = (key: "points" | "possible"): number => exercises.reduce((sum, one) => sum + one[key], 0);
  return { points: total("points"), possible: total("possible"), exercises };
}

/** A check that did not pass. */
export function failure(name: string, message: string): CheckResult {
  return { name, passed: false, message };
}
