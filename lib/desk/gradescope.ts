/**
 * Writes a learner's result as Gradescope wants it: `results.json` of an autograder.
 *
 * https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format
 */
import type { ExerciseResult } from "../grading/result";
import { failedChecksOf, STATUS_WORDS } from "../grading/status-words";
import { checkMarkdown } from "../grading/summary";
import { safeText } from "../grading/text";
import { escapeMarkdown } from "../util/markdown";
import type { LearnerResult } from "./grade-class";

interface GradescopeTest {
  name: string;
  number: string;
  score: number;
  max_score: number;
  status: "passed" | "failed";
  output: string;
  output_format: "md";
  visibility: "visible";
  extra_data: Record<string, unknown>;
}

interface GradescopeResults {
  score: number;
  execution_time: number;
  output: string;
  output_format: "md";
  visibility: "visible";
  stdout_visibility: "hidden";
  tests: GradescopeTest[];
  extra_data: Record<string, unknown>;
}

/** Returns `results.json` of a learner who was graded: a test for each exercise. */
export function gradescopeResults(result: LearnerResult, seconds: number): GradescopeResults {
  const { points, possible, release, isolation, notes } = result;
  const said = [`${points} of ${possible} points.`, ...notes.map((note) => `- ${escapeMarkdown(note)}`)];
  const tests = result.exercises.map((exercise, i) => testOf(exercise, `${i + 1}`));
  return resultsOf(points, seconds, said.join("\n"), tests, { possible, release, isolation });
}

/**
 * Returns `results.json` of a learner who could not be graded, with no points. It tells the learner that it was
 * not their work, and the instructor, in `extra_data`, why.
 */
export function gradescopeFailure(reason: string, seconds: number): GradescopeResults {
  const said =
    "This could not be graded, so the score says nothing about your work. Hand it in again; if this is still here then, tell your instructor.";
  return resultsOf(0, seconds, said, [], { problem: safeText(reason) });
}

function resultsOf(
  score: number,
  seconds: number,
  output: string,
  tests: GradescopeTest[],
  data: Record<string, unknown>,
): GradescopeResults {
  return {
    score,
    execution_time: Math.round(seconds),
    output,
    output_format: "md",
    visibility: "visible",
    stdout_visibility: "hidden",
    tests,
    extra_data: data,
  };
}

function testOf(result: ExerciseResult, number: string): GradescopeTest {
  const { id, notebook, status, points, possible } = result;
  return {
    name: `${id} (${notebook})`,
    number,
    score: points,
    max_score: possible,
    status: status === "solved" ? "passed" : "failed",
    output: [STATUS_WORDS[status], ...failedChecksOf(result).map(checkMarkdown)].join("\n\n"),
    output_format: "md",
    visibility: "visible",
    extra_data: { status },
  };
}
