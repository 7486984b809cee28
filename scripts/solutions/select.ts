/** What a user may name on the command line: exercises by their id, notebooks by their name or file. */
import fs from "node:fs";
import path from "node:path";
import { type ExerciseId, exercises } from "@course/lib";
import { NOTEBOOKS, notebookName, notebooksIn } from "../notebooks/files";

/** The exercises to work on in one notebook. */
export interface Selected {
  file: string;
  ids: ExerciseId[];
}

/** A name that is neither an exercise's nor a notebook's. */
export class UnknownName extends Error {
  override readonly name = "UnknownName";
}

/** What `names` stand for, by notebook; all exercises of all notebooks if there are none. Throws an UnknownName. */
export function select(names: string[]): Selected[] {
  const all = Object.keys(exercises) as ExerciseId[];
  const wanted = new Map<string, Set<ExerciseId>>();
  const want = (file: string, ids: ExerciseId[]) =>
    wanted.set(file, new Set([...(wanted.get(file) ?? []), ...ids]));
  for (const name of names.length ? names : all) {
    const id = all.find((known) => known === name);
    if (id) want(path.join(NOTEBOOKS, `${exercises[id].notebook}.ipynb`), [id]);
    else want(...notebookNamed(name, all));
  }
  return [...wanted].map(([file, ids]) => ({ file, ids: all.filter((id) => ids.has(id)) }));
}

function notebookNamed(name: string, all: ExerciseId[]): [file: string, ids: ExerciseId[]] {
  const file = name.endsWith(".ipynb") && fs.existsSync(name) ? path.resolve(name) : undefined;
  const lesson = notebookName(name);
  const ids = all.filter((id) => exercises[id].notebook === lesson);
  if (ids.length > 0) return [file ?? path.join(NOTEBOOKS, `${lesson}.ipynb`), ids];
  const lessons = notebooksIn(NOTEBOOKS).map(notebookName);
  throw new UnknownName(
    `There is no exercise and no notebook named ${name}. Notebooks: ${lessons.join(", ")}. Exercises: ${all.join(", ")}.`,
  );
}
