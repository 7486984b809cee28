/** `check`: runs the checks of an exercise, and prints the verdict under the cell. */
import { createColors } from "picocolors";
import { speaker } from "../language/speak";
import { kernel, kernelGlobals, type UncaughtError } from "../kernel/kernel";
import type { ExerciseId } from "../exercises/exercises";
import { type Exercise, isClass } from "../checks/exercise";
import { indented, marked } from "../util/indent";
import { printableLines } from "../wire/text";
import { findExercise } from "../exercises/find-exercise";
import { hasHiddenChecks } from "./handed-out";
import { failedHelpers, lastChecks } from "./last-checks";
import { type CheckResult, errorSummary, runChecks, type Verdict, withoutInput } from "../checks/run-checks";

/** Columns to the left of a check's name, and of its message. */
const NAME_INDENT = 2;
const MESSAGE_INDENT = 6;
/** Longest line of a verdict. JupyterLab breaks longer ones in the middle of a word, and without an indent. */
const COLUMNS = 96;

/**
 * Runs an exercise's checks on `fn`, and prints for each what was expected and what came.
 *
 * Never throws or rejects, whatever it is given. While nbgrader validates a notebook, what earns no points is
 * written to stderr: that is how nbgrader knows that a cell has failed.
 */
export async function check(id: ExerciseId, fn: unknown): Promise<void> {
  const exercise = findExercise(id);
  if (typeof exercise === "string") return print(exercise, false);
  const signal = kernel()?.signal;
  const run = () => runChecks(exercise, fn);
  const { result, uncaught } = (await kernel()?.collectUncaught(run)) ?? {
    result: await run(),
    uncaught: [],
  };
  if (signal?.aborted) return; // the cell is over, and this would be shown under the next one
  const verdict = withUncaught(result, uncaught);
  const earnsPoints = verdict.status === "solved" && fn !== exercise.solution;
  print([...remarks(exercise, fn), verdictText(exercise, verdict, fn)].join("\n"), earnsPoints);
  lastChecks.set(id, { fn, cell: runningCell(), failed: verdict.status === "failed" });
}

function print(text: string, earnsPoints: boolean): void {
  const isValidating = process.env.NBGRADER_EXECUTION === "validate";
  if (isValidating && !earnsPoints) console.error(text);
  else console.log(text);
}

/** Returns the execution count of the cell that runs; 0 outside of a kernel. */
function runningCell(): number {
  return kernel()?.cells.at(-1)?.number ?? 0;
}

/** Tells whether the compiler refused the cell before the one that runs. */
function cellBeforeIsBroken(): boolean {
  return kernel()?.cells.at(-2)?.status === "not compiled";
}

/**
 * Returns warnings about `fn`, which come before its verdict: it is not the learner's own, or perhaps not
 * their newest.
 */
function remarks({ id, solution }: Exercise, fn: unknown): string[] {
  const mark = colors().yellow("!");
  const before = lastChecks.get(id);
  const remark = (text: string) => [marked(mark, speaker().say(text), 0, COLUMNS)];
  if (fn === solution) return remark(`This is the course's own ${id}. It earns no points.`);
  if (cellBeforeIsBroken()) {
    const advice = `if it was that of ${id}, this is still the version before.`;
    return remark(`The cell you ran last has an error: ${advice}`);
  }
  if (!before || before.fn !== fn || before.cell >= runningCell() - 1) return [];
  const advice = `If you have changed it, run its cell; its name must still be ${id}.`;
  return remark(`This is the same ${id} as at the last check. ${advice}`);
}

/** Adds a failed check to a verdict if errors were left uncaught. An untouched stub stays untouched. */
function withUncaught(verdict: Verdict, uncaught: UncaughtError[]): Verdict {
  if (uncaught.length === 0 || verdict.status === "untouched") return verdict;
  const [{ error, origin }] = uncaught;
  const others = uncaught.length === 1 ? "" : ` (the first of ${uncaught.length})`;
  const message = `${errorSummary(error)}${others}\n${ORIGINS[origin]}`;
  return {
    status: "failed",
    checks: [{ name: "No error goes uncaught", passed: false, message }, ...verdict.checks],
  };
}

const ORIGINS = {
  callback:
    "It was thrown in a callback, or as the `error` event of a socket without a listener. Catch it there, or pass it on with reject(error).",
  promise: "It came out of a promise that was not awaited.",
};

/** Returns a verdict on `fn` as the learner reads it, in several lines. */
function verdictText(exercise: Exercise, verdict: Verdict, fn: unknown): string {
  const { id, points, notebook } = exercise;
  const { say } = speaker(notebook);
  const { bold, green, red, yellow } = colors();
  const passed = verdict.checks.filter((check) => check.passed).length;
  switch (verdict.status) {
    case "missing":
      return marked(
        yellow("○"),
        `${bold(id)}: ${say(`${verdict.checks[0].message}. Run the cell with your ${isClass(exercise.solution) ? "class" : "function"} first, then this one:`)}\nawait check("${id}", ${id});`,
        0,
        COLUMNS,
      );
    case "untouched":
      return marked(
        yellow("○"),
        `${bold(id)} ${say("is not written yet. Replace the line that throws in the cell above with your code, run that cell, and then this one again.")}`,
        0,
        COLUMNS,
      );
    case "solved":
      return [
        `${green("✓")} ${bold(id)} ${say(solvedText(verdict.checks.length, points))}`,
        ...verdict.checks.map((check) => line(check, say)),
      ].join("\n");
    case "failed":
      return [
        `${red("✗")} ${bold(id)}: ${say(`${passed} of ${verdict.checks.length} checks pass.`)}`,
        ...verdict.checks.map((check, i) => line(withoutRepetition(check, verdict.checks.slice(0, i)), say)),
        ...failedHelpers(exercise, fn).map((other) => say(usesSentence(id, other))),
        say(`Stuck? hint("${id}") has three hints.`),
      ].join("\n");
  }
}

function usesSentence(id: string, other: string): string {
  return `${id} uses ${other}, which failed when it was checked last. Mend that first, and check it again.`;
}

/** Shortens a message that a check before has shown already, if with another input. */
function withoutRepetition(check: CheckResult, before: CheckResult[]): CheckResult {
  const said = withoutInput(check.message);
  const isRepeated = !check.passed && before.some(({ message }) => withoutInput(message) === said);
  return isRepeated ? { ...check, message: "the same as further up" } : check;
}

function line({ name, passed, message }: CheckResult, say: (text: string) => string): string {
  const { green, red } = colors();
  const head = marked(passed ? green("✓") : red("✗"), say(name), NAME_INDENT, COLUMNS);
  return passed ? head : `${head}\n${indented(say(printableLines(message)), MESSAGE_INDENT, COLUMNS)}`;
}

/** Promises points only if there are no checks but these. */
function solvedText(checks: number, points: number): string {
  if (!hasHiddenChecks()) return `is solved: ${pointsText(points)}.`;
  const all = checks === 1 ? "the visible check" : `all ${checks} visible checks`;
  return `passes ${all}. Your instructor has others: they decide on the ${pointsText(points)}.`;
}

function pointsText(points: number): string {
  return points === 1 ? "1 point" : `${points} points`;
}

/** Returns colours in a kernel too: its stdout is no terminal, but notebooks show a terminal's colours. */
function colors() {
  return kernelGlobals() ? createColors(true) : createColors();
}
