/** From what somebody typed after `npm run grade --` to the exercises that are meant. */
import path from "node:path";
import type { Exercise } from "../checks/exercise";
import { helpWithName } from "../exercises/find-exercise";
import { UsageError } from "../util/usage-error";

/**
 * The exercises that `names` mean, in course order; all of them if there are no names. A name is an exercise's
 * id, or a notebook: `03-bitnodes-api`, with `.ipynb` and folders before it if need be, or its number, `03`.
 * Throws a WrongCall for a name that is neither.
 */
export function select(all: readonly Exercise[], names: readonly string[]): Exercise[] {
  if (names.length === 0) return [...all];
  const meant = names.map((name) => meantBy(all, name));
  return all.filter((exercise) => meant.some((some) => some.includes(exercise)));
}

function meantBy(all: readonly Exercise[], name: string): Exercise[] {
  const notebook = path.basename(name.replaceAll("\\", "/"), ".ipynb");
  const meant = all.filter(
    (exercise) =>
      exercise.id === name || exercise.notebook === notebook || exercise.notebook.startsWith(`${notebook}-`),
  );
  if (meant.length > 0) return meant;
  throw new UsageError(
    `there is no exercise or notebook ${JSON.stringify(name)}: ${helpWithName(all, name, notebook)}`,
  );
}
