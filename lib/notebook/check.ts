/** `check`: the verdict on an exercise, printed under its cell. */
import { createColors } from "picocolors";
import { kernelGlobals } from "../checks/kernel-globals";
import type { ExerciseId } from "../exercises/exercises";
import type { Exercise } from "../checks/exercise";
import { cellBeforeIsBroken, runningCell } from "./kernel/cell-watch";
import { findExercise } from "../exercises/find-exercise";
import { type CheckResult, errorSummary, runChecks, type Verdict } from "../checks/run-checks";
import { collectUncaughtErrors, type UncaughtError } from "./uncaught-errors";

/** Tries `fn` as the answer to an exercise, and prints what was asked for and what came. Never throws or rejects, whatever it is given. */
export async function check(id: ExerciseId, fn: unknown): Promise<void> {
  const exercise = findExercise(id);
  if (typeof exercise === "string") return console.log(exercise);
  const { result, uncaught } = await collectUncaughtErrors(() => runChecks(exercise, fn));
  const verdict = verdictText(exercise, withUnheard(result, uncaught));
  console.log([verdict, ...remarks(exercise, fn)].join("\n"));
}

/** What was last checked of each exercise, and in which cell. */
const checked = new Map<string, { fn: unknown; cell: number }>();

/** What there is to say about which function this was: not the learner's, or not the newest. */
function remarks({ id, solution }: Exercise, fn: unknown): string[] {
  const { yellow } = colors();
  const before = checked.get(id);
  checked.set(id, { fn, cell: runningCell() });
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

/** The verdict, with a check more that has failed if errors were thrown where nobody could catch them. */
function withUnheard(verdict: Verdict, uncaught: UncaughtError[]): Verdict {
  if (uncaught.length === 0 || verdict.status === "untouched") return verdict;
  const [{ error, origin }] = uncaught;
  const others = uncaught.length === 1 ? "" : ` (the first of ${uncaught.length})`;
  const message = `${errorSummary(error)}${others}\n${UNHEARD[origin]}`;
  return {
    status: "failed",
    checks: [{ name: "Nothing fails unheard", passed: false, message }, ...verdict.checks],
  };
}

const UNHEARD = {
  callback:
    "It was thrown in a callback, or as the `error` event of a socket that nobody listens to. Catch it there, or hand it on with reject(error).",
  promise: "It came out of a promise that nobody awaited.",
};

/** A verdict in the words that the learner reads, several lines of it. */
export function verdictText(exercise: Exercise, verdict: Verdict): string {
  const { id, points } = exercise;
  const { bold, green, red, yellow } = colors();
  const passed = verdict.checks.filter((check) => check.passed).length;
  switch (verdict.status) {
    case "missing":
      return `${yellow("○")} ${bold(id)}: ${verdict.checks[0].message}. Run the cell with your function first, then this one: await check("${id}", ${id});`;
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
        ...verdict.checks.map((check, i) => line(sameAsBefore(check, verdict.checks.slice(0, i)))),
        `Stuck? hint("${id}") has three hints.`,
      ].join("\n");
  }
}

/** A check whose message has been read already refers to it. */
function sameAsBefore(check: CheckResult, before: CheckResult[]): CheckResult {
  const isRepeated = !check.passed && before.some(({ message }) => message === check.message);
  return isRepeated ? { ...check, message: "the same as further up" } : check;
}

function line({ name, passed, message }: CheckResult): string {
  const { green, red } = colors();
  if (passed) return `  ${green("✓")} ${name}`;
  return `  ${red("✗")} ${name}\n      ${message.replaceAll("\n", "\n      ")}`;
}

function pointsText(points: number): string {
  return points === 1 ? "1 point" : `${points} points`;
}

/** Notebooks show the colours of a terminal, though the kernel's output is not one. */
function colors() {
  return kernelGlobals() ? createColors(true) : createColors();
}
