/** From an id, as somebody typed it, to the exercise of that name. */
import { closest, distance } from "fastest-levenshtein";
import type { Exercise } from "../checks/exercise";
import { show } from "../checks/expect";
import { exercises } from "./exercises";

/** Whether this is the name of an exercise. */
export function isExerciseId(id: unknown): id is keyof typeof exercises {
  return typeof id === "string" && Object.hasOwn(exercises, id);
}

/** The exercise with this id, or the sentence to say when there is none. */
export function findExercise(id: unknown): Exercise | string {
  if (isExerciseId(id)) return exercises[id];
  const ids = Object.keys(exercises);
  const near = typeof id === "string" ? closest(id, ids) : undefined;
  const isNear = near !== undefined && distance(id as string, near) <= Math.max(2, near.length / 3);
  const help = isNear ? `did you mean "${near}"?` : `there are ${ids.join(", ")}.`;
  return `There is no exercise ${show(id)}: ${help}`;
}

export function help(all: readonly Exercise[], name: string, notebook: string): string {
  const ids = all.map(({ id }) => id);
  const notebooks = [...new Set(all.map((exercise) => exercise.notebook))];
  const near = [closest(name, ids), closest(notebook, notebooks)]
    .map((known, i) => ({ known, far: distance(known, [name, notebook][i]) }))
    .sort((a, b) => a.far - b.far)[0];
  const known = `The notebooks are ${notebooks.join(", ")}; the exercises are ${ids.join(", ")}.`;
  return near.far <= Math.max(2, near.known.length / 3) ? `did you mean ${near.known}? ${known}` : known;
}
