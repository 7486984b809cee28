/** Notebooks for the grader's tests: a lesson's setup cell and exercises, with a learner's answers. */
import fs from "node:fs";
import path from "node:path";
import type { Exercise } from "@course/lib/checks";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { cellSource, courseRole, exerciseOf, readNotebook } from "@course/lib/notebook";
import { type ExerciseResult, grade, type Graded, type MoreChecks, sumUp } from "@course/lib/grading";
import { chooseWalls, type Walls } from "@course/lib/grading/walls";
import { beforeAll, expect } from "vitest";
import { root } from "../../scripts/setup/paths";
import { PROGRAM } from "../helpers/limits";

export interface TestCell {
  cell_type: "code" | "markdown";
  metadata: Record<string, unknown>;
  source: string | string[];
}

/** Returns a learner's own cell. */
export function ownCell(source: string): TestCell {
  return { cell_type: "code", metadata: {}, source };
}

/** Returns a cell of the course. */
export function courseCell(role: string, source: string, exercise?: string): TestCell {
  return { cell_type: "code", metadata: { course: { role, exercise } }, source };
}

/** The lesson that most of these tests are about: its exercises call no peer. */
export const NOTEBOOK = "03-bitnodes-api";
/** Its exercise whose answers call nothing at all. */
export const ID = "nodesToAddressStrings";

/** Returns the cell of an exercise of NOTEBOOK. */
export function exercise(source: string, id: ExerciseId = ID): TestCell {
  return courseCell("exercise", source, id);
}

/** Returns the setup cell and the exercises of a lesson, with `answers` in place of their stubs. */
export function lesson(notebook: string, answers: Partial<Record<ExerciseId, string>> = {}): TestCell[] {
  const { cells } = readNotebook(path.join(root, "notebooks", `${notebook}.ipynb`));
  return cells.flatMap((cell) => {
    const role = courseRole(cell);
    if (role !== "setup" && role !== "exercise") return [];
    const id = exerciseOf(cell);
    return [courseCell(role, answers[id as ExerciseId] ?? cellSource(cell), id)];
  });
}

/** The setup cell of NOTEBOOK. */
export const [SETUP] = lesson(NOTEBOOK);

/** Makes a folder inside the project, so that `@course/lib` resolves from there. */
export function notebooksFolder(): string {
  fs.mkdirSync(path.join(root, ".course"), { recursive: true });
  return fs.mkdtempSync(path.join(root, ".course", "test-grading-"));
}

/** Writes a notebook of these cells, and returns its path. */
export function writeCells(folder: string, notebook: string, cells: TestCell[]): string {
  const file = path.join(folder, `${notebook}.ipynb`);
  const full = cells.map((cell, index) => ({ id: `c${index}`, ...cell }));
  fs.writeFileSync(file, JSON.stringify({ cells: full, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

/** Long enough for an answer on a slow machine, short enough for tests of endless loops. */
export const LIMITS = { busyMs: 2500, cellMs: 2500 };

/** A notebook to grade, and the exercises to grade in it. */
export interface Case {
  cells: TestCell[];
  ids: readonly ExerciseId[];
}

export interface GradedCase extends Graded {
  byId: Record<string, ExerciseResult>;
}

/** Chosen once: that starts Node.js in them. */
let walls: Promise<Walls> | undefined;

/** Grades all cases in one call, each as a notebook, so that the compiler starts only once. */
export async function gradeCases<Name extends string>(
  cases: Record<Name, Case>,
  more?: MoreChecks,
): Promise<Record<Name, GradedCase>> {
  const folder = notebooksFolder();
  const named = Object.entries<Case>(cases).map(([name, testCase], i) => ({
    ...testCase,
    name,
    notebook: `case-${i}`,
  }));
  try {
    for (const { notebook, cells } of named) writeCells(folder, notebook, cells);
    const wanted = named.flatMap(({ notebook, ids }) =>
      ids.map((id) => ({ ...(exercises[id] as Exercise), notebook })),
    );
    const graded = await grade({
      folder,
      exercises: wanted,
      limits: LIMITS,
      walls: await (walls ??= chooseWalls()),
      more,
    });
    return Object.fromEntries(named.map(({ name, notebook }) => [name, caseOf(graded, notebook)])) as Record<
      Name,
      GradedCase
    >;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Grades all cases before the tests of the file that calls this. Returns a function that returns one of them. */
export function useGradedCases<Name extends string>(
  cases: Record<Name, Case>,
  more?: MoreChecks,
): (name: Name) => GradedCase {
  let graded: Record<Name, GradedCase>;
  beforeAll(async () => void (graded = await gradeCases(cases, more)), 2 * PROGRAM);
  return (name) => graded[name];
}

function caseOf({ result, notes, outputs }: Graded, notebook: string): GradedCase {
  const own = result.exercises.filter((result) => result.notebook === notebook);
  return {
    result: sumUp(own),
    notes: notes.filter((note) => note.notebook === notebook),
    outputs,
    byId: Object.fromEntries(own.map((result) => [result.id, result])),
  };
}

/** Returns the checks that did not pass, a line `name: message` each. */
export function failures({ checks }: ExerciseResult): string {
  return checks
    .filter(({ passed }) => !passed)
    .map(({ name, message }) => `${name}: ${message}`)
    .join("\n");
}

/** Expects that ID is solved, with all its points. */
export function expectSolved({ byId }: GradedCase): void {
  expect(failures(byId[ID])).toBe("");
  expect(byId[ID]).toMatchObject({ status: "solved", points: exercises[ID].points });
}
