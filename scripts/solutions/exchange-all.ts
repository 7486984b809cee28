/** `in` and `out` for several notebooks. A problem with one cell or notebook does not stop the others. */
import path from "node:path";
import { type Exercise, lessonsOf } from "@course/lib/checks";
import type { ExerciseId } from "@course/lib/exercises";
import { cellSource, type Notebook, NotebookFileError, solutionSource } from "@course/lib/notebook";
import { changeNotebook } from "./change";
import { cellsWithoutMetadata, exerciseCells, putIn, restoreMetadata, type Step, takeOut } from "./exchange";

export type Direction = "in" | "out";

/** The exercises to work on in one notebook. */
export interface Selected {
  file: string;
  ids: ExerciseId[];
}

export interface Exchanged {
  file: string;
  /** What was done, a line per exercise. */
  steps: string[];
  /** What could not be done, and what to do. */
  problems: string[];
  /** Path of the copy of the notebook as it was; undefined if it was not changed. */
  copy?: string;
}

const SENTENCES: Record<Step, string> = {
  "put in": "solution put in, your own cell is kept behind it",
  "already in": "solution already in",
  "brought back": "your own cell is back",
  "brought back over an edit": "your own cell is back; what you changed in the solution is in the copy below",
  "not in": "no solution in, left as it is",
  "own cell lost":
    "the solution is in, but an editor has dropped your own cell behind it (metadata.course.mine): left as it is; .course/backups has older copies",
  unreadable:
    "the cell kept behind the solution (metadata.course.mine) was edited and is no cell any more: left as it is; .course/backups has older copies",
};

/** Groups exercises by their notebooks in `folder`. */
export function byNotebook(chosen: Exercise[], folder: string): Selected[] {
  const lessons = lessonsOf(chosen);
  return lessons.map((lesson) => ({
    file: path.join(folder, `${lesson}.ipynb`),
    ids: chosen.filter(({ notebook }) => notebook === lesson).map(({ id }) => id as ExerciseId),
  }));
}

/** Puts solutions in or takes them out. `solutionOf` returns the text of a solution. */
export function exchangeAll(
  direction: Direction,
  selected: Selected[],
  solutionOf: (id: ExerciseId) => string = solutionSource,
): Exchanged[] {
  return selected.map(({ file, ids }) => {
    const exchanged: Exchanged = { file, steps: [], problems: [] };
    try {
      const { result, copy } = changeNotebook(file, (notebook) =>
        ids.flatMap((id) => exchangeOne(direction, notebook, id, solutionOf(id))),
      );
      for (const { line, failed } of result) (failed ? exchanged.problems : exchanged.steps).push(line);
      exchanged.copy = copy;
    } catch (error) {
      if (!(error instanceof NotebookFileError)) throw error;
      exchanged.problems.push(`${error.message}.`);
    }
    return exchanged;
  });
}

function exchangeOne(
  direction: Direction,
  notebook: Notebook,
  id: ExerciseId,
  solution: string,
): { line: string; failed: boolean }[] {
  const cells = exerciseCells(notebook.cells, id);
  const exchangeCell = direction === "in" ? putIn : takeOut;
  if (cells.length > 0) return cells.map((cell) => outcome(id, exchangeCell(cell, solution)));
  const found = cellsWithoutMetadata(notebook.cells, id);
  if (found.length === 0) {
    const line = `${id}: there is no code cell for it (metadata.course of the lesson's own cell says which it is); \`git diff\` shows what became of it`;
    return [{ line, failed: true }];
  }
  return found.map((cell) => {
    if (cellSource(cell).trim() === solution.trim()) return outcome(id, "own cell lost");
    if (direction === "out") return outcome(id, "not in");
    restoreMetadata(cell, id);
    const { line, failed } = outcome(id, putIn(cell, solution));
    return { line: `${line} (${FOUND})`, failed };
  });
}

const FOUND = "an editor had dropped the cell's metadata: found by its function, and metadata.course restored";

function outcome(id: ExerciseId, step: Step): { line: string; failed: boolean } {
  return {
    line: `${id}: ${SENTENCES[step]}`,
    failed: step === "unreadable" || step === "own cell lost",
  };
}
