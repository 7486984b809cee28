/**
 * Exchanges a learner's own cell and the solution.
 *
 * While the solution is in, the learner's cell is in the exercise cell's `metadata.course.mine`. One write
 * moves it there, and one write brings it back, so it is in the notebook at all times.
 */
import { cellSource, courseRole, exerciseOf, type NotebookCell, setCellSource } from "@course/lib/notebook";

/** The parts of a cell that are the learner's. Its id and position are the course's. */
const OWN = ["source", "outputs", "execution_count"] as const;
type Own = Partial<Pick<NotebookCell, (typeof OWN)[number]>>;

export type Step =
  /** The solution is in, the learner's own cell in the metadata. */
  | "put in"
  /** The solution was in before. */
  | "already in"
  /** The learner's own cell is back. */
  | "brought back"
  /** The learner's own cell is back; the solution that it replaces was edited. */
  | "brought back over an edit"
  /** No solution was in. */
  | "not in"
  /** `mine` is not a cell, because the file was edited. Nothing is changed. */
  | "unreadable";

/** Returns the code cells of an exercise; more than one if the learner has copied it. */
export function exerciseCells(cells: NotebookCell[], id: string): NotebookCell[] {
  return cells.filter(
    (cell) => cell.cell_type === "code" && courseRole(cell) === "exercise" && exerciseOf(cell) === id,
  );
}

/** Puts a solution into a cell, in place. Leaves a solution that is already in alone, with its edits. */
export function putIn(cell: NotebookCell, solution: string): Step {
  const course = courseOf(cell);
  if (course.mine !== undefined) return "already in";
  const own = OWN.filter((key) => key in cell).map((key) => [key, cell[key]]);
  course.mine = Object.fromEntries(own) as Own;
  setCellSource(cell, solution);
  cell.outputs = [];
  cell.execution_count = null;
  return "put in";
}

/** Brings the learner's own cell back, in place. */
export function takeOut(cell: NotebookCell, solution: string): Step {
  const course = courseOf(cell);
  const { mine } = course;
  if (mine === undefined) return "not in";
  if (!isOwn(mine)) return "unreadable";
  const wasEdited = cellSource(cell).trim() !== solution.trim();
  for (const key of OWN) {
    if (key in mine) Object.assign(cell, { [key]: mine[key] });
    else delete cell[key];
  }
  delete course.mine;
  return wasEdited ? "brought back over an edit" : "brought back";
}

function isOwn(mine: unknown): mine is Own {
  if (typeof mine !== "object" || mine === null || !("source" in mine)) return false;
  const { source } = mine;
  return typeof source === "string" || (Array.isArray(source) && source.every((line) => typeof line === "string"));
}

/** Returns an exercise cell's `metadata.course`. `courseRole` has checked that it exists. */
function courseOf(cell: NotebookCell): Record<string, unknown> {
  return cell.metadata!.course as Record<string, unknown>;
}
