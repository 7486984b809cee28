/** The report of `npm run grade`: a line per exercise, a bar per notebook, and what to do next. */
import type { CheckResult } from "../checks/run-checks";
import pc from "picocolors";
import { byNotebook, type Graded } from "./grade";
import { type ExerciseResult, type Status, sumUp } from "./result";
import { safeText } from "./text";

const BAR_LENGTH = 20;

const MARKS: Record<Status, string> = {
  solved: pc.green("✓"),
  failed: pc.red("✗"),
  untouched: pc.dim("○"),
  missing: pc.yellow("?"),
  crashed: pc.red("✗"),
  timeout: pc.red("✗"),
};

/** Returns the report as text for a terminal. With `verbose` it shows all checks, notes and output. */
export function reportText(graded: Graded, verbose = false): string {
  const { exercises } = graded.result;
  const notebooks = byNotebook(exercises);
  const parts = notebooks.map((results) => notebookText(results, graded, verbose));
  if (notebooks.length > 1) parts.push(barLine("all notebooks", exercises));
  return [...parts, nextStep(exercises), ""].join("\n\n");
}

/** Returns a line for a result, without its notebook. */
export function exerciseLine({ id, status, points, possible }: ExerciseResult): string {
  const line = `${MARKS[status]} ${id.padEnd(24)} ${status.padEnd(9)} ${points}/${possible}`;
  return status === "untouched" ? pc.dim(line) : line;
}

function notebookText(results: ExerciseResult[], { notes, outputs }: Graded, verbose: boolean): string {
  const { notebook } = results[0];
  const allWell = results.every(({ status }) => status === "solved" || status === "untouched");
  const shown = notes.filter((note) => note.notebook === notebook && (verbose || note.important || !allWell));
  return [
    barLine(notebook, results),
    ...results.flatMap((result) => exerciseText(result, outputs[result.id] ?? "", verbose)),
    ...shown.map(({ text }) => indented(pc.yellow("! ") + text, 2)),
  ].join("\n");
}

function exerciseText(result: ExerciseResult, output: string, verbose: boolean): string[] {
  const lines = [`  ${exerciseLine(result)}`];
  const failed = result.checks.filter(({ passed }) => !passed);
  if (verbose) lines.push(...result.checks.map(checkText));
  else if (failed.length > 0 && !["solved", "untouched"].includes(result.status))
    lines.push(checkText(failed[0]));
  const showsOutput = verbose || ["failed", "crashed", "timeout"].includes(result.status);
  if (output.trim() && showsOutput) lines.push(indented(pc.dim(`it printed:\n${lastLines(output)}`), 6));
  return lines;
}

function checkText({ name, passed, message }: CheckResult): string {
  const head = `${passed ? pc.green("✓") : pc.red("✗")} ${safeText(name)}`;
  return indented(passed || !message ? head : `${head}\n  ${message.replaceAll("\n", "\n  ")}`, 6);
}

function barLine(title: string, results: ExerciseResult[]): string {
  const { points, possible } = sumUp(results);
  const full = possible === 0 ? 0 : Math.floor((BAR_LENGTH * points) / possible);
  const bar = pc.green("█".repeat(full)) + pc.dim("░".repeat(BAR_LENGTH - full));
  return `${pc.bold(title.padEnd(28))} ${bar} ${points} of ${possible} points`;
}

function nextStep(exercises: ExerciseResult[]): string {
  const next = exercises.find(({ status }) => status !== "solved");
  if (!next) return pc.green("All of it is solved.");
  return `Next: ${pc.bold(next.id)} in ${next.notebook}`;
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-5).join("\n");
}

function indented(text: string, columns: number): string {
  const space = " ".repeat(columns);
  return space + text.replaceAll("\n", `\n${space}`);
}
