/** The report of `npm run grade`: a line per exercise, a bar per notebook, and what to do next. */
import { speaker } from "../language/speak";
import type { CheckResult } from "../checks/run-checks";
import pc from "picocolors";
import { byNotebook, type Graded } from "./grade";
import { indented, marked } from "../util/indent";
import { type ExerciseResult, type Note, type Status, sumUp } from "./result";
import { failedChecksOf } from "./status-words";
import { safeText } from "./text";

const BAR_LENGTH = 20;

const MARKS: Record<Status, string> = {
  solved: pc.green("✓"),
  failed: pc.red("✗"),
  untouched: pc.dim("○"),
  missing: pc.yellow("?"),
  crashed: pc.red("✗"),
  timeout: pc.red("✗"),
  tampered: pc.yellow("?"),
};

interface ReportOptions {
  /** Whether to show all checks, notes and output. */
  verbose?: boolean;
  /** Width of the terminal: longer lines are wrapped. Without it none is. */
  columns?: number;
}

interface Layout extends Required<ReportOptions> {
  /** Columns for an exercise's id, and for a notebook's name. */
  idWidth: number;
  titleWidth: number;
}

const ALL = "all notebooks";

/** Returns the report as text for a terminal. */
export function reportText(
  graded: Graded,
  { verbose = false, columns = Infinity }: ReportOptions = {},
): string {
  const { exercises } = graded.result;
  const notebooks = byNotebook(exercises);
  const layout: Layout = {
    verbose,
    columns,
    idWidth: longest(exercises.map(({ id }) => id)),
    titleWidth: longest([...exercises.map(({ notebook }) => notebook), ALL]),
  };
  const parts = notebooks.map((results) => notebookText(results, graded, layout));
  if (notebooks.length > 1) parts.push(barLine(ALL, exercises, layout));
  return [...parts, nextStep(exercises), ""].join("\n\n");
}

function longest(texts: string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function notebookText(results: ExerciseResult[], { notes, outputs }: Graded, layout: Layout): string {
  const { notebook } = results[0];
  const allWell = results.every(({ status }) => status === "solved" || status === "untouched");
  const isShown = ({ important }: Note) => layout.verbose || important || !allWell;
  const shown = notes.filter((note) => note.notebook === notebook && isShown(note));
  return [
    barLine(notebook, results, layout),
    ...results.flatMap((result) => exerciseText(result, outputs[result.id] ?? "", layout)),
    ...shown.map(({ text }) => marked(pc.yellow("!"), text, 2, layout.columns)),
  ].join("\n");
}

function exerciseText(result: ExerciseResult, output: string, layout: Layout): string[] {
  const lines = [exerciseLine(result, layout)];
  const [failed] = failedChecksOf(result);
  const { say } = speaker(result.notebook);
  if (layout.verbose) lines.push(...result.checks.map((check) => checkText(check, layout, say)));
  else if (failed && result.status !== "solved") lines.push(checkText(failed, layout, say));
  const showsOutput = layout.verbose || ["failed", "crashed", "timeout"].includes(result.status);
  if (output.trim() && showsOutput)
    lines.push(pc.dim(indented(`it printed:\n${lastLines(output)}`, 6, layout.columns)));
  return lines;
}

/** Returns a line for a result, without its notebook. */
function exerciseLine({ id, status, points, possible }: ExerciseResult, { idWidth }: Layout): string {
  const line = `  ${MARKS[status]} ${id.padEnd(idWidth)} ${status.padEnd(9)} ${points}/${possible}`;
  return status === "untouched" ? pc.dim(line) : line;
}

function checkText(
  { name, passed, message }: CheckResult,
  layout: Layout,
  say: (text: string) => string,
): string {
  const head = marked(passed ? pc.green("✓") : pc.red("✗"), safeText(say(name)), 6, layout.columns);
  return passed || !message ? head : `${head}\n${indented(say(message), 8, layout.columns)}`;
}

function barLine(title: string, results: ExerciseResult[], { titleWidth }: Layout): string {
  const { points, possible } = sumUp(results);
  return `${pc.bold(title.padEnd(titleWidth))}  ${pointsBar(points, possible)} ${points} of ${possible} points`;
}

/** Returns a bar that shows the share of the points: `██████░░░░`. */
export function pointsBar(points: number, possible: number): string {
  const full = possible === 0 ? 0 : Math.floor((BAR_LENGTH * points) / possible);
  return pc.green("█".repeat(full)) + pc.dim("░".repeat(BAR_LENGTH - full));
}

function nextStep(exercises: ExerciseResult[]): string {
  const next = exercises.find(({ status }) => status !== "solved");
  if (!next) return pc.green("All of it is solved.");
  return `Next: ${pc.bold(next.id)} in ${next.notebook}`;
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-5).join("\n");
}
