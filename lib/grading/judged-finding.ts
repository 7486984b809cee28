/** What is found on an exercise whose answer was judged: its checks, and what the answer lacks of other cells. */
import type { Exercise } from "../checks/exercise";
import type { CheckResult } from "../checks/run-checks";
import type { CompiledCell } from "./between/compiled";
import type { CellFailure, Judged } from "./notebook-run";
import { failure } from "./result";
import type { ExercisePlace, Finding } from "./structure";

const TO_BE_LOOKED_AT =
  "the grader could not tell what your code returned: ask your instructor to look at it";

/**
 * Returns the finding on an answer that was judged.
 *
 * @param cells All cells of the notebook.
 * @param failed Those that failed when they ran.
 */
export function findingFromJudged(
  exercise: Exercise,
  judged: Judged,
  place: ExercisePlace,
  cells: CompiledCell[],
  failed: CellFailure[],
): Finding {
  const { status, libraryUse } = judged;
  if (status === "tampered") return { status, checks: [failure("it can be graded", TO_BE_LOOKED_AT)] };
  if (libraryUse) return { status: "untouched", checks: [notOwnWork(exercise, libraryUse)] };
  const own = place.counts?.position;
  const ownFailure = failed.find(({ position }) => position === own);
  const checks = [...judged.checks];
  if (status === "missing" && ownFailure) {
    checks.unshift(failure("the cell runs", `cell ${own} failed: ${ownFailure.text}`));
  }
  if (status !== "solved") checks.unshift(...missingNeeds(exercise, own, cells, failed));
  return { status, checks };
}

/** Returns what the answer uses of other cells and is not there, since they do not compile or failed. */
function missingNeeds(
  { id }: Exercise,
  own: number | undefined,
  cells: CompiledCell[],
  failed: CellFailure[],
): CheckResult[] {
  const broken = cells
    .filter(({ problem }) => problem !== undefined)
    .map(({ position, neededBy, problem }) => ({
      position,
      missing: (neededBy[id] ?? []).filter((name) => name !== id),
      why: `does not compile: ${problem}`,
    }));
  const neededOf = (position: number): string[] =>
    cells.find((cell) => cell.position === position)?.neededBy[id] ?? [];
  const stopped = failed.map(({ position, missing, text }) => ({
    position,
    missing: missing.filter((name) => neededOf(position).includes(name)),
    why: `failed: ${text}\nThe grader has no network: let ${id} be given what it needs, or find it out itself.`,
  }));
  return [...broken, ...stopped]
    .filter(({ position, missing }) => position !== own && missing.length > 0)
    .map(({ position, missing, why }) => {
      const message = `${id} uses ${missing.join(", ")} of cell ${position}, which ${why}`;
      return failure("what it uses from other cells is there", message);
    });
}

function notOwnWork({ id }: Exercise, use: NonNullable<Judged["libraryUse"]>): CheckResult {
  const what = use === "calls" ? `it calls the library's own ${id}` : `useSolution stands in for ${id}`;
  return failure("your own code does the work", `${what}: write your own to earn its points`);
}
