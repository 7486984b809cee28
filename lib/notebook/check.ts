/** `check`: runs the checks of an exercise, and prints the verdict under the cell. */
import { createColors } from "picocolors";
import { kernel, kernelGlobals } from "../kernel/kernel";
import type { ExerciseId } from "../exercises/exercises";
import { type Exercise, isClass } from "../checks/exercise";
import { printableLines } from "../wire/text";
import { findExercise } from "../exercises/find-exercise";
import { type CheckResult, errorSummary, runChecks, type Verdict } from "../checks/run-checks";
import { collectUncaughtErrors, type UncaughtError } from "./uncaught-errors";

/**
 * Runs an exercise's checks on `fn`, and prints for each what was expected and what came.
 *
 * Never throws or rejects, whatever it is given.
 */
export async function check(id: ExerciseId, fn: unknown): Promise<void> {
  const exercise = findExercise(id);
  if (typeof exercise === "string") return console.log(exercise);
  const { result, uncaught } = await collectUncaughtErrors(() => runChecks(exercise, fn));
  const verdict = verdictText(exercise, withUncaught(result, uncaught));
  console.log([verdict, ...remarks(exercise, fn)].join("\n"));
}

/** The function that was last checked for each exercise, and the number of the cell that did. */
const lastChecked = new Map<string, { fn: unknown; cell: number }>();

/** The execution count of the cell that runs; 0 outside of a kernel. */
function runningCell(): number {
  return kernel()?.cells.at(-1)?.number ?? 0;
}

/** Tells whether the compiler refused the cell before the one that runs. */
function cellBeforeIsBroken(): boolean {
  return kernel()?.cells.at(-2)?.status === "not compiled";
}

/** Returns warnings about `fn`: it is not the learner's own, or perhaps not their newest. */
function remarks({ id, solution }: Exercise, fn: unknown): string[] {
  const { yellow } = colors();
  const before = lastChecked.get(id);
  lastChecked.set(id, { fn, cell: runningCell() });
  if (fn === solution) return [`${yellow("!")} This was the course's own ${id}. It earns no points.`];
  if (cellBeforeIsBroken()) {
    return [
      `${yellow("!")} The cell you ran last has an error: if it was that of ${id}, this was still the version before.`,
    ];
  }
  if (!before || before.fn !== fn || before.cell >= runningCell() - 1) return [];
  return [
    `${yellow("!")} This was the same ${id} as at the last check. If you have changed it, run its cell; its name must still be ${id}.`,
  ];
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

/** Returns a verdict as the learner reads it, in several lines. */
function verdictText(exercise: Exercise, verdict: Verdict): string {
  const { id, points } = exercise;
  const { bold, green, red, yellow } = colors();
  const passed = verdict.checks.filter((check) => check.passed).length;
  switch (verdict.status) {
    case "missing":
      return `${yellow("○")} ${bold(id)}: ${verdict.checks[0].message}. Run the cell with your ${isClass(exercise.solution) ? "class" : "function"} first, then this one: await check("${id}", ${id});`;
    case "untouched":
      return `${yellow("○")} ${bold(id)} is not written yet. Replace the line that throws in the cell above with your code, run that cell, and then this one again.`;
    case "solved":
      return [
        `${green("✓")} ${bold(id)} is solved: ${pointsText(points)}.`,
        ...verdict.checks.map(line),
      ].join("\n");
    case "failed":
      return [
        `${red("✗")} ${bold(id)}: ${passed} of ${verdict.checks.length} checks pass.`,
        ...verdict.checks.map((check, i) => line(withoutRepetition(check, verdict.checks.slice(0, i)))),
        `Stuck? hint("${id}") has three hints.`,
      ].join("\n");
  }
}

/** Shortens a message that a check before has shown already. */
function withoutRepetition(check: CheckResult, before: CheckResult[]): CheckResult {
  const isRepeated = !check.passed && before.some(({ message }) => message === check.message);
  return isRepeated ? { ...check, message: "the same as further up" } : check;
}

function line({ name, passed, message }: CheckResult): string {
  const { green, red } = colors();
  if (passed) return `  ${green("✓")} ${name}`;
  return `  ${red("✗")} ${name}\n      ${printableLines(message).replaceAll("\n", "\n      ")}`;
}

function pointsText(points: number): string {
  return points === 1 ? "1 point" : `${points} points`;
}

/** Returns colours in a kernel too: its stdout is no terminal, but notebooks show a terminal's colours. */
function colors() {
  return kernelGlobals() ? createColors(true) : createColors();
}
