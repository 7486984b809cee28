/**
 * Finds out which lesson a notebook is, and gives its cells back the roles that an editor has dropped.
 *
 * What is in a notebook says more than its name, since files are renamed: the ids of its cells, then the
 * functions that it declares, then its name.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Exercise, lessonsOf } from "../checks/exercise";
import {
  cellSource,
  courseRole,
  declares,
  exerciseOf,
  type NotebookCell,
  readNotebook,
} from "../notebook/source/notebook-file";

interface CourseCell {
  lesson: string;
  id?: string;
  source: string;
  course: unknown;
}

/** The lessons as they are handed out, and their exercises. */
export class Lessons {
  readonly names: string[];
  /** Changes if any lesson does. */
  readonly fingerprint: string;
  private readonly byId = new Map<string, CourseCell>();
  private readonly bySource = new Map<string, CourseCell>();

  /** Reads the lessons of `exercises` in `folder`. A lesson that has no exercise is not graded. */
  constructor(
    folder: string,
    private readonly exercises: readonly Exercise[],
  ) {
    this.names = lessonsOf(exercises);
    const hash = createHash("sha256");
    for (const lesson of this.names) {
      const file = path.join(folder, `${lesson}.ipynb`);
      if (!fs.existsSync(file)) continue;
      for (const cell of readNotebook(file).cells) {
        const known = { lesson, id: cell.id, source: cellSource(cell), course: cell.metadata?.course };
        if (cell.id) this.byId.set(cell.id, known);
        if (cell.cell_type === "code") this.bySource.set(key(lesson, known.source), known);
        hash.update(JSON.stringify([lesson, cell.id, cell.cell_type, known.source, known.course]));
      }
    }
    this.fingerprint = hash.digest("hex");
  }

  /** Returns the lesson that a notebook is, or undefined if it is none. */
  lessonOf(file: string, cells: NotebookCell[]): string | undefined {
    const votes = new Map<string, number>();
    const vote = (lesson: string, weight: number): void =>
      void votes.set(lesson, (votes.get(lesson) ?? 0) + weight);
    for (const cell of cells) {
      const known = cell.id === undefined ? undefined : this.byId.get(cell.id);
      if (known) vote(known.lesson, 1);
      const own = this.exercises.find(({ id }) => courseRole(cell) === "exercise" && exerciseOf(cell) === id);
      if (own) vote(own.notebook, 1);
    }
    if (votes.size === 0)
      for (const { id, notebook } of this.exercises)
        if (cells.some((cell) => declares(cell, id))) vote(notebook, 1);
    const [best] = [...votes].sort(([, a], [, b]) => b - a);
    return best?.[0] ?? this.lessonNamed(file);
  }

  /** Returns the lesson that a file's name holds: `ann_04-calling-all-nodes (1).ipynb`. */
  private lessonNamed(file: string): string | undefined {
    const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    return this.names.find((lesson) => plain(path.posix.basename(file)).includes(lesson));
  }

  /**
   * Gives code cells without `metadata.course` the course's again, in place: by the cell's id, then by equal
   * source, then by the exercise's function that they declare.
   *
   * @returns whether a cell was given one.
   */
  restoreRoles(lesson: string, cells: NotebookCell[]): boolean {
    const bare = cells.filter((cell) => cell.cell_type === "code" && courseRole(cell) === undefined);
    let restored = false;
    for (const cell of bare) {
      const course = this.courseOf(lesson, cell, cells);
      if (course === undefined) continue;
      cell.metadata = { ...cell.metadata, course };
      restored = true;
    }
    return restored;
  }

  private courseOf(lesson: string, cell: NotebookCell, cells: NotebookCell[]): unknown {
    const byId = cell.id === undefined ? undefined : this.byId.get(cell.id);
    if (byId?.lesson === lesson) return byId.course;
    const bySource = this.bySource.get(key(lesson, cellSource(cell)));
    if (bySource) return bySource.course;
    const isTaken = (id: string): boolean =>
      cells.some((other) => exerciseOf(other) === id && courseRole(other) === "exercise");
    const declared = this.exercises.find(
      ({ id, notebook }) => notebook === lesson && declares(cell, id) && !isTaken(id),
    );
    return declared && { role: "exercise", exercise: declared.id };
  }

  /** Returns whether a source is that of a code cell of the lesson as it was handed out. */
  isHandedOut(lesson: string, source: string): boolean {
    return this.bySource.has(key(lesson, source));
  }
}

function key(lesson: string, source: string): string {
  return `${lesson}\n${source.replaceAll("\r\n", "\n").trim()}`;
}
