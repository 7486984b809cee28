/** What grading finds out, in the shape of `npm run grade -- --json FILE`. */

export type Status = "solved" | "failed" | "untouched" | "missing" | "crashed" | "timeout";

export interface GradedCheck {
  name: string;
  passed: boolean;
  /** What was expected and what came; empty when it passed. */
  message: string;
}

export interface ExerciseResult {
  id: string;
  notebook: string;
  status: Status;
  points: number;
  possible: number;
  checks: GradedCheck[];
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
export function failure(name: string, message: string): GradedCheck {
  return { name, passed: false, message };
}
