/** Finds the cells that belong to an exercise, and what is wrong with them before any cell runs. */
import type { CheckResult } from "../checks/run-checks";
import {
  cellSource,
  courseRole,
  declares,
  exerciseOf,
  type NotebookCell,
} from "../notebook/source/notebook-file";
import type { CompiledCell } from "./between/compiled";
import type { SourceCell } from "./needs";
import { failure, type Status } from "./result";

/** The parts of an exercise's result that depend on the answer. */
export interface Finding {
  status: Status;
  checks: CheckResult[];
}

/** Roles of cells that run whole: see needs.ts. A learner's own have no role. */
const RUN_WHOLE = ["setup", "exercise", undefined];

/** Returns whether no cell has a role: an editor has dropped the metadata. */
export function hasLostRoles(cells: NotebookCell[]): boolean {
  return !cells.some(courseRole);
}

/**
 * Returns the code cells of a notebook, for the compiler. `ids` are those of the exercises to grade.
 *
 * Without roles, a demonstration looks like a learner's own cell. Then only the first code cell, which sets
 * the notebook up, and those that declare an exercise's function run whole.
 */
export function codeCells(cells: NotebookCell[], ids: string[]): SourceCell[] {
  const first = cells.findIndex(({ cell_type }) => cell_type === "code");
  const runsWhole = (cell: NotebookCell, index: number): boolean =>
    hasLostRoles(cells)
      ? index === first || ids.some((id) => declares(cell, id))
      : RUN_WHOLE.includes(courseRole(cell));
  return cells.flatMap((cell, index) =>
    cell.cell_type === "code"
      ? [{ position: index + 1, source: cellSource(cell), whole: runsWhole(cell, index) }]
      : [],
  );
}

/** Where an exercise is in its notebook. */
export interface ExercisePlace {
  id: string;
  /** Positions of the course's cells for this exercise, whatever they hold now. */
  own: number[];
  /** The cells that declare its function, in order. */
  declaringCells: CompiledCell[];
  /** The one that counts, as in the kernel: the last that compiles; the last of all if none does. */
  counts: CompiledCell | undefined;
  /** Positions of the cells that take its function from the library with `useSolution`. */
  standIns: number[];
}

/** Returns where an exercise is in its notebook. */
export function exercisePlace(id: string, cells: NotebookCell[], compiled: CompiledCell[]): ExercisePlace {
  const isOwn = (cell: NotebookCell): boolean => courseRole(cell) === "exercise" && exerciseOf(cell) === id;
  const declaringCells = compiled.filter(({ declares }) => declares.includes(id));
  const standsIn = compiled.filter(({ standIns }) => standIns.includes(id));
  return {
    id,
    own: cells.flatMap((cell, index) => (isOwn(cell) ? [index + 1] : [])),
    declaringCells,
    counts: declaringCells.filter(({ problem }) => !problem).at(-1) ?? declaringCells.at(-1),
    standIns: standsIn.map(({ position }) => position),
  };
}

/**
 * Returns a finding if the exercise's function is missing or does not compile, or if the setup cell does not.
 */
export function findingFromPlace(
  place: ExercisePlace,
  cells: NotebookCell[],
  compiled: CompiledCell[],
): Finding | undefined {
  const setup = compiled.find(
    ({ position, problem }) => problem && courseRole(cells[position - 1]) === "setup",
  );
  if (setup) {
    const message = `cell ${setup.position}, which sets the notebook up, does not compile: ${setup.problem}`;
    return { status: "failed", checks: [failure("the notebook's first code cell compiles", message)] };
  }
  const { counts } = place;
  if (!counts)
    return {
      status: "missing",
      checks: [failure(`${place.id} is there`, whereIsIt(place, cells, compiled))],
    };
  if (counts.problem === undefined) return undefined;
  const message = `cell ${counts.position} does not compile: ${counts.problem}`;
  return { status: "failed", checks: [failure("the cell compiles", message)] };
}

function whereIsIt({ id, own }: ExercisePlace, cells: NotebookCell[], compiled: CompiledCell[]): string {
  const position = own.at(-1);
  if (position === undefined) {
    return `the cell of ${id} is gone: write a function of that name in any cell, or take the cell back from git`;
  }
  if (cells[position - 1].cell_type !== "code") {
    return `the cell of ${id} (cell ${position}) is no code cell any more: make it one again`;
  }
  const cell = compiled.find((cell) => cell.position === position);
  const declares = cell?.declares.join(", ");
  if (declares) return `the cell of ${id} (cell ${position}) declares ${declares}: rename it back to ${id}`;
  if (cell?.problem) return `the cell of ${id} (cell ${position}) does not compile: ${cell.problem}`;
  return `the cell of ${id} (cell ${position}) declares no function: write ${id} there`;
}

/** Returns remarks on an exercise's cells that cost no points: declared twice, or `useSolution` left out. */
export function remarksOn({ id, declaringCells, counts, standIns }: ExercisePlace): string[] {
  const remarks: string[] = [];
  if (declaringCells.length > 1) {
    const where = declaringCells.map(({ position }) => position);
    const list = `${where.slice(0, -1).join(", ")} and ${where.at(-1)}`;
    const which =
      counts === declaringCells.at(-1)
        ? "the last one counts"
        : `that of cell ${counts?.position} counts, because the last one does not compile`;
    remarks.push(`${id} is written more than once, in cells ${list}; ${which}, as in the kernel`);
  }
  if (standIns.length > 0) {
    remarks.push(`your own ${id} was graded: the useSolution in cell ${standIns[0]} was left out`);
  }
  return remarks;
}
