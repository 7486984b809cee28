/**
 * A solution in the place of the learner's own cell, and the way back.
 *
 * The learner's cell stays in the notebook, in the exercise cell's `metadata.course.mine`, from the same
 * write that puts the solution in to the same write that takes it out: at no moment is it in neither.
 */
import { cellSource, courseRole, exerciseOf, type NotebookCell, setCellSource } from "@course/lib/notebook";

/** What of a cell is the learner's. Its id and place are the course's. */
const OWN = ["source", "outputs", "execution_count"] as const;
type Own = Partial<Pick<NotebookCell, (typeof OWN)[number]>>;

export type Step =
  /** The solution is in, the learner's own cell in the metadata. */
  | "put in"
  /** It was in before. */
  | "already in"
  /** The learner's own cell is back. */
  | "brought back"
  /** The learner's own cell is back, and the solution that it takes the place of was edited. */
  | "brought back over an edit"
  /** No solution was in. */
  | "not in"
  /** `mine` is there, but is not a cell: somebody edited the file. Nothing is touched. */
  | "unreadable";

/** The code cells that hold the learner's answer to an exercise; more than one if it was copied. */
export function exerciseCells(cells: NotebookCell[], id: string): NotebookCell[] {
  return cells.filter(
    (cell) => cell.cell_type === "code" && courseRole(cell) === "exercise" && exerciseOf(cell) === id,
  );
}

/** Puts a solution into a cell, in place. What was put in before is left alone, edits included. */
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

/** An exercise cell's `metadata.course`; `courseRole` has seen that it is there. */
function courseOf(cell: NotebookCell): Record<string, unknown> {
  return cell.metadata!.course as Record<string, unknown>;
}
