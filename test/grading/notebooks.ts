/** Notebooks for the grader's tests: a lesson's setup cell and exercises, with whatever a learner makes of them. */
import fs from "node:fs";
import path from "node:path";
import type { Exercise } from "@course/lib/checks";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { cellSource, courseRole, exerciseOf, readNotebook } from "@course/lib/notebook";
import { type ExerciseResult, grade, type Graded, sumUp } from "@course/lib/grading";
import { root } from "../../scripts/setup/paths";

export interface TestCell {
  cell_type: "code" | "markdown";
  metadata: Record<string, unknown>;
  source: string | string[];
}

/** A learner's own cell. */
export function ownCell(source: string): TestCell {
  return { cell_type: "code", metadata: {}, source };
}

/** A cell of the course. */
export function courseCell(role: string, source: string, exercise?: string): TestCell {
  return { cell_type: "code", metadata: { course: { role, exercise } }, source };
}

/** The setup cell and the exercises of a lesson; an exercise with an answer has that in place of its stub. */
export function lesson(notebook: string, answers: Partial<Record<ExerciseId, string>> = {}): TestCell[] {
  const { cells } = readNotebook(path.join(root, "notebooks", `${notebook}.ipynb`));
  return cells.flatMap((cell) => {
    const role = courseRole(cell);
    if (role !== "setup" && role !== "exercise") return [];
    const id = exerciseOf(cell);
    return [courseCell(role, answers[id as ExerciseId] ?? cellSource(cell), id)];
  });
}

/** A folder inside the project, from where `@course/lib` resolves as it does for a learner. */
export function notebooksFolder(): string {
  fs.mkdirSync(path.join(root, ".course"), { recursive: true });
  return fs.mkdtempSync(path.join(root, ".course", "test-grading-"));
}

export function writeCells(folder: string, notebook: string, cells: TestCell[]): string {
  const file = path.join(folder, `${notebook}.ipynb`);
  const full = cells.map((cell, index) => ({ id: `c${index}`, ...cell }));
  fs.writeFileSync(file, JSON.stringify({ cells: full, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

/** Long enough for a slow machine to begin with anything, short enough for a test of what never ends. */
export const LIMITS = { busyMs: 2500, cellMs: 2500 };

/** A notebook to grade, and the exercises that are graded in it. */
export interface Case {
  cells: TestCell[];
  ids: readonly ExerciseId[];
}

export interface GradedCase extends Graded {
  byId: Record<string, ExerciseResult>;
}

/** Grades several cases at once, each as a notebook of its own; the compiler starts only once then. */
export async function gradeCases<Name extends string>(
  cases: Record<Name, Case>,
): Promise<Record<Name, GradedCase>> {
  const folder = notebooksFolder();
  const named = Object.entries<Case>(cases).map(([name, one], i) => ({
    ...one,
    name,
    notebook: `case-${i}`,
  }));
  try {
    for (const { notebook, cells } of named) writeCells(folder, notebook, cells);
    const wanted = named.flatMap(({ notebook, ids }) =>
      ids.map((id) => ({ ...(exercises[id] as Exercise), notebook })),
    );
    const graded = await grade({ folder, exercises: wanted, limits: LIMITS });
    return Object.fromEntries(named.map(({ name, notebook }) => [name, caseOf(graded, notebook)])) as Record<
      Name,
      GradedCase
    >;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function caseOf({ result, notes, outputs }: Graded, notebook: string): GradedCase {
  const own = result.exercises.filter((one) => one.notebook === notebook);
  return {
    result: sumUp(own),
    notes: notes.filter((note) => note.notebook === notebook),
    outputs,
    byId: Object.fromEntries(own.map((one) => [one.id, one])),
  };
}

/** The checks that did not pass, as "name: message". */
export function failures({ checks }: ExerciseResult): string {
  return checks
    .filter(({ passed }) => !passed)
    .map(({ name, message }) => `${name}: ${message}`)
    .join("\n");
}
