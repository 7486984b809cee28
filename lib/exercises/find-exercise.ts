/** Finds the exercise that a typed name means, or the closest name to suggest instead. */
import { closest, distance } from "fastest-levenshtein";
import { type Exercise, lessonsOf } from "../checks/exercise";
import { show } from "../checks/expect";
import { exercises } from "./exercises";

/** Returns whether this is the id of an exercise. */
function isExerciseId(id: unknown): id is keyof typeof exercises {
  return typeof id === "string" && Object.hasOwn(exercises, id);
}

/** Returns the exercise with this id, or a sentence for the learner if there is none. */
export function findExercise(id: unknown): Exercise | string {
  if (isExerciseId(id)) return exercises[id];
  const ids = Object.keys(exercises);
  const near = typeof id === "string" ? closestName([id, ids]) : undefined;
  const help = near ? `did you mean "${near}"?` : `there are ${ids.join(", ")}.`;
  return `There is no exercise ${show(id)}: ${help}`;
}

/**
 * Returns what to say about a typed name that is neither the id of an exercise nor the name of a notebook.
 */
export function helpWithName(all: readonly Exercise[], name: string, notebook: string): string {
  const ids = all.map(({ id }) => id);
  const notebooks = lessonsOf(all);
  const near = closestName([name, ids], [notebook, notebooks]);
  const known = `The notebooks are ${notebooks.join(", ")}; the exercises are ${ids.join(", ")}.`;
  return near ? `did you mean ${near}? ${known}` : known;
}

/**
 * Returns the known name that is closest to what was typed, of all pairs, or undefined if none is close:
 * at most two edits away, or a third of its length.
 */
function closestName(...pairs: readonly [typed: string, known: readonly string[]][]): string | undefined {
  return pairs
    .map(([typed, known]) => {
      const name = closest(typed, known);
      return { name, edits: distance(typed, name) };
    })
    .filter(({ name, edits }) => edits <= Math.max(2, name.length / 3))
    .sort((a, b) => a.edits - b.edits)[0]?.name;
}
