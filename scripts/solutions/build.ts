/** Makes `solutions/`: the lessons with their solutions, run. Finds out whether it is out of date. */
import fs from "node:fs";
import path from "node:path";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { cellSource, courseRole, exerciseOf, type Notebook, type NotebookCell, NotebookFileError, readNotebook, serializeNotebook, setCellSource, solutionSource, writeNotebook } from "@course/lib/notebook";
import { NOTEBOOKS, notebookName, notebooksIn, shown, SOLUTIONS } from "../notebooks/files";
import { cellName, normaliseNotebook } from "../notebooks/format";
import { runNotebook, type RunOptions } from "../notebooks/run";
import { type Painter, withPictures } from "./pictures";
import { keptOutputs, machinePath, MAX_BYTES, wasInterrupted } from "./outputs";

/** Says in one sentence why a notebook of `solutions/` cannot be made. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}

/**
 * Returns a lesson with the reference solutions in its exercise cells, not run.
 *
 * @throws BuildError or NotebookFileError
 */
export async function solved(lesson: string): Promise<Notebook> {
  const notebook = readNotebook(lesson);
  for (const cell of notebook.cells.filter((cell) => courseRole(cell) === "exercise")) {
    const id = exerciseOf(cell) ?? "";
    if (!(id in exercises)) throw new BuildError(`${shown(lesson)}: there is no exercise named "${id}"`);
    setCellSource(cell, solutionSource(id as ExerciseId));
    delete (cell.metadata!.course as { mine?: unknown }).mine;
  }
  const { problems } = await normaliseNotebook(notebook);
  if (problems.length) throw new BuildError(`${shown(lesson)}: ${problems[0]}`);
  return notebook;
}

/**
 * Makes one notebook of `solutions/`, with its plots as pictures.
 *
 * @throws BuildError if a cell fails, or an output must not go into the repository.
 */
export async function build(
  lesson: string,
  painter: Painter,
  options: Omit<RunOptions, "folder">,
): Promise<string> {
  const notebook = await solved(lesson);
  fs.mkdirSync(SOLUTIONS, { recursive: true });
  const run = await runNotebook(notebook, { ...options, folder: SOLUTIONS });
  if (!run.passed) throw new BuildError(`${notebookName(lesson)} does not run: the lines above say which cell, and why`);
  for (const [index, cell] of notebook.cells.entries()) {
    await takeOutputs(cell, run.notebook.cells[index], index, painter);
  }
  const bytes = Buffer.byteLength(serializeNotebook(notebook));
  if (bytes > MAX_BYTES) {
    throw new BuildError(`${notebookName(lesson)} has ${bytes} bytes with its outputs, and ${MAX_BYTES} is the limit`);
  }
  const file = path.join(SOLUTIONS, path.basename(lesson));
  writeNotebook(file, notebook);
  return file;
}

async function takeOutputs(cell: NotebookCell, ran: NotebookCell, index: number, painter: Painter): Promise<void> {
  if (cell.cell_type !== "code") return;
  cell.execution_count = ran.execution_count;
  cell.outputs = await withPictures(keptOutputs(ran), painter);
  const found = machinePath(cell.outputs);
  if (found) throw new BuildError(`${cellName(cell, index)} prints ${found}, a path of this machine`);
}

/** Returns a sentence for each notebook in `solutions` that is out of date. */
export async function staleness(notebooks = NOTEBOOKS, solutions = SOLUTIONS): Promise<string[]> {
  const lessons = notebooksIn(notebooks);
  const names = lessons.map((lesson) => path.basename(lesson));
  const found = await Promise.all(lessons.map((lesson, i) => stalenessOf(lesson, path.join(solutions, names[i]))));
  const left = notebooksIn(solutions).filter((file) => !names.includes(path.basename(file)));
  return [...found.flat(), ...left.map((file) => `${shown(file)}: there is no such lesson any more`)];
}

async function stalenessOf(lesson: string, file: string): Promise<string[]> {
  let place = "notebooks";
  try {
    const wanted = await solved(lesson);
    place = "solutions";
    const present = readNotebook(file);
    const different = firstDifference(wanted.cells, present.cells);
    if (different) return [`${shown(file)}: ${different}`];
    const problems = present.cells.flatMap((cell, index) => problemsOf(cell, cellName(cell, index)));
    return problems.map((problem) => `${shown(file)}: ${problem}`);
  } catch (error) {
    if (error instanceof NotebookFileError) return [`${place}/${error.message}`];
    if (error instanceof BuildError) return [error.message];
    throw error;
  }
}

function firstDifference(wanted: NotebookCell[], present: NotebookCell[]): string | undefined {
  const index = wanted.findIndex((cell, i) => authoredPart(cell) !== authoredPart(present[i]));
  if (index >= 0) return `${cellName(wanted[index], index)} is not what the lesson and the library say now`;
  return present.length > wanted.length ? "it has cells that the lesson has not" : undefined;
}

/** Returns the parts of a cell that running it does not change, as JSON. */
function authoredPart(cell: NotebookCell | undefined): string {
  return JSON.stringify([cell?.id, cell?.cell_type, cell?.source, cell?.metadata]);
}

/** Returns whether a cell always prints: a check prints its verdict, `joinNetwork` the network's name. */
function alwaysPrints(cell: NotebookCell): boolean {
  return courseRole(cell) === "check" || cellSource(cell).includes("joinNetwork()");
}

function problemsOf(cell: NotebookCell, name: string): string[] {
  if (cell.cell_type !== "code") return [];
  const outputs = (cell.outputs ?? []) as { output_type: string; name?: string }[];
  const hasError = outputs.some(
    ({ output_type, name }) => (output_type === "error" && !wasInterrupted(cell)) || name === "stderr",
  );
  if (hasError) return [`${name} ended in an error`];
  if (typeof cell.execution_count !== "number") return [`${name} was not run`];
  const isBare = outputs.length === 0 && alwaysPrints(cell);
  return isBare ? [`${name} has no output`] : [];
}
