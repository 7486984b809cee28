/** From an id, as somebody typed it, to the exercise of that name. */
import { closest, distance } from "fastest-levenshtein";
import { exercises } from "../exercises";
import type { Exercise } from "../exercises/exercise";
import { show } from "./mismatch";

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
