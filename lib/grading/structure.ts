/** Which cells hold which exercise, and what can be said of one before anything is run. */
import { cellSource, courseRole, exerciseOf, type NotebookCell } from "../notebook/source/notebook-file";
import type { CompiledCell, SourceCell } from "./compile-cells";
import { failure, type GradedCheck, type Status } from "./result";

/** The parts of a result that depend on the answer. */
export interface Finding {
  status: Status;
  checks: GradedCheck[];
}

/** Roles whose cells run as they stand; of other cells of the course only the declarations do. */
const RUN_WHOLE = ["setup", "exercise", undefined];

/** The code cells of a notebook, for the compiler. */
export function codeCells(cells: NotebookCell[]): SourceCell[] {
  return cells.flatMap((cell, index) =>
    cell.cell_type === "code"
      ? [{ position: index + 1, source: cellSource(cell), whole: RUN_WHOLE.includes(courseRole(cell)) }]
      : [],
  );
}

/** Where an exercise stands in its notebook. */
export interface CellPlace {
  id: string;
  /** Positions of the cells that the course has for it, whatever they hold now. */
  own: number[];
  /** The cells that declare its function, in order; the last one counts. */
  holders: CompiledCell[];
  /** Positions of the cells in which `useSolution` stands in for it. */
  standIns: number[];
}

export function placeOf(id: string, cells: NotebookCell[], compiled: CompiledCell[]): CellPlace {
  const isOwn = (cell: NotebookCell): boolean => courseRole(cell) === "exercise" && exerciseOf(cell) === id;
  const standsIn = compiled.filter(({ standIns }) => standIns.includes(id));
  return {
    id,
    own: cells.flatMap((cell, index) => (isOwn(cell) ? [index + 1] : [])),
    holders: compiled.filter(({ declares }) => declares.includes(id)),
    standIns: standsIn.map(({ position }) => position),
  };
}

/** What is wrong with an exercise's place, if that settles it. */
export function findingFromPlace(
  place: CellPlace,
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
  const last = place.holders.at(-1);
  if (!last)
    return {
      status: "missing",
      checks: [failure(`${place.id} is there`, whereIsIt(place, cells, compiled))],
    };
  if (last.problem === undefined) return undefined;
  const message = `cell ${last.position} does not compile: ${last.problem}`;
  return { status: "failed", checks: [failure("the cell compiles", message)] };
}

function whereIsIt({ id, own }: CellPlace, cells: NotebookCell[], compiled: CompiledCell[]): string {
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

/** What is worth saying about an exercise's place, and does not settle anything. */
export function remarksOn({ id, holders, standIns }: CellPlace): string[] {
  const remarks: string[] = [];
  if (holders.length > 1) {
    const where = holders.map(({ position }) => position);
    const list = `${where.slice(0, -1).join(", ")} and ${where.at(-1)}`;
    remarks.push(`${id} is written more than once, in cells ${list}; the last one counts, as in the kernel`);
  }
  if (standIns.length > 0) {
    remarks.push(`your own ${id} was graded: the useSolution in cell ${standIns[0]} was left out`);
  }
  return remarks;
}
