/** Finds the exercises that the arguments of `npm run grade` name. */
import path from "node:path";
import type { Exercise } from "../checks/exercise";
import { helpWithName } from "../exercises/find-exercise";
import { UsageError } from "../util/usage-error";

/**
 * Returns the exercises that `names` name, in course order; all exercises if there are no names.
 *
 * A name is an exercise's id or a notebook: `03-bitnodes-api`, its path with or without `.ipynb`, or its
 * number, `03`.
 *
 * @throws UsageError for a name that is neither.
 */
export function select(all: readonly Exercise[], names: readonly string[]): Exercise[] {
  if (names.length === 0) return [...all];
  const named = new Set(names.flatMap((name) => exercisesNamed(all, name)));
  return all.filter((exercise) => named.has(exercise));
}

function exercisesNamed(all: readonly Exercise[], name: string): Exercise[] {
  const notebook = path.basename(name.replaceAll("\\", "/"), ".ipynb");
  const named = all.filter(
    (exercise) =>
      exercise.id === name || exercise.notebook === notebook || exercise.notebook.startsWith(`${notebook}-`),
  );
  if (named.length > 0) return named;
  throw new UsageError(
    `there is no exercise or notebook ${JSON.stringify(name)}: ${helpWithName(all, name, notebook)}`,
  );
}
