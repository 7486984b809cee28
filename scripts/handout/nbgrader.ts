/**
 * A course folder for nbgrader: each lesson as an assignment in source/, settings, and the course that grades.
 *
 * https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html
 */
import { type Exercise, lessonsOf } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import {
  courseRole,
  exerciseOf,
  type NotebookCell,
  parseNotebook,
  serializeNotebook,
} from "@course/lib/notebook";
import fs from "node:fs";
import path from "node:path";
import { handoutFiles } from "./handout";

/** What nbgrader wants to know of a cell. */
interface NbgraderMetadata {
  schema_version: 3;
  grade: boolean;
  grade_id: string;
  locked: boolean;
  solution: boolean;
  task: false;
  points?: number;
}

/** Returns the files. Assignments are `lessons`, or all that have exercises if there are none. */
export function nbgraderFiles(
  lessons: string[],
  options: { hints: boolean; hiddenChecks?: boolean },
): Map<string, Uint8Array> {
  const all = Object.values(exercises) as Exercise[];
  const wanted = lessons.length > 0 ? lessons : lessonsOf(all);
  const course = handoutFiles(options);
  const files = new Map<string, Uint8Array>();
  for (const name of ["nbgrader_config.py", "course_grader.py", "known_cells.py"])
    files.set(name, fs.readFileSync(path.join(__dirname, "files", "nbgrader", name)));
  for (const lesson of wanted) {
    const handedOut = Buffer.from(course.get(`notebooks/${lesson}.ipynb`)!).toString("utf8");
    files.set(`source/${lesson}/${lesson}.ipynb`, Buffer.from(assignment(handedOut, lesson)));
  }
  for (const [name, bytes] of course) files.set(`course/${name}`, bytes);
  return files;
}

/** Returns a lesson in which nbgrader knows the cells of answers and of checks. */
function assignment(text: string, lesson: string): string {
  const notebook = parseNotebook(text, lesson);
  for (const cell of notebook.cells) {
    const nbgrader = metadataOf(cell);
    if (nbgrader) cell.metadata = { ...cell.metadata, nbgrader };
  }
  return serializeNotebook(notebook);
}

/**
 * Returns the metadata of a cell that nbgrader must know, or undefined. The id of a grade cell is that of the
 * exercise: course_grader.py finds an exercise's result by it, whatever else a learner has changed.
 */
function metadataOf(cell: NotebookCell): NbgraderMetadata | undefined {
  const exercise = (exercises as Record<string, Exercise>)[exerciseOf(cell) ?? ""];
  if (!exercise) return undefined;
  const common = { schema_version: 3, task: false } as const;
  switch (courseRole(cell)) {
    case "exercise":
      return { ...common, grade: false, grade_id: `${exercise.id}-answer`, locked: false, solution: true };
    case "check":
      return {
        ...common,
        grade: true,
        grade_id: exercise.id,
        locked: true,
        solution: false,
        points: exercise.points,
      };
    default:
      return undefined;
  }
}
