/** Results of grading, in the shape of `npm run grade -- --json FILE`. */
import type { CheckResult } from "../checks/run-checks";

/** `tampered`: the learner's process said what no code of the course says. A person has to look at it. */
export type Status = "solved" | "failed" | "untouched" | "missing" | "crashed" | "timeout" | "tampered";

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

/** A remark about a notebook. It costs no points by itself. */
export interface Note {
  notebook: string;
  text: string;
  /** Whether the report shows it even if all exercises are solved or untouched. */
  important: boolean;
  /** Whether it is for the instructor alone: what looks like tampering. */
  isEvidence?: true;
}

/** Returns results with the sums of their points. */
export function sumUp(exercises: ExerciseResult[]): GradeResult {
  const total = (key: "points" | "possible"): number =>
    exercises.reduce((sum, exercise) => sum + exercise[key], 0);
  return { points: total("points"), possible: total("possible"), exercises };
}

/** Returns a check that did not pass. */
export function failure(name: string, message: string): CheckResult {
  return { name, passed: false, message };
}
