/**
 * Grades the exercises of one notebook.
 *
 *  1. reads the file; if nobody has begun any of its exercises, that is all
 *  2. compiles its cells once
 *  3. fails the exercises whose function is missing, renamed, or does not compile, and leaves stubs alone
 *  4. runs the others, each in a child process: the first alone, so that the others know which cells to leave
 *     out
 *  5. if a cell blocks or ends its process, fails the exercise that it declares, and runs the others again
 *     without that cell
 */
import { type CheckResult, untouched } from "../checks/run-checks";
import path from "node:path";
import type { Limit } from "p-limit";
import type { Exercise } from "../checks/exercise";
import { NotebookFileError, readNotebook, type NotebookCell } from "../notebook/source/notebook-file";
import type { Compiler } from "./compiler";
import type { CompiledNotebook } from "./compile-cells";
import { type CellFailure, type ExerciseRun, runExercise, type RunLimits } from "./exercise-run";
import { type ExerciseResult, failure, type Note } from "./result";
import {
  type CellPlace,
  codeCells,
  type Finding,
  findingFromPlace,
  hasLostRoles,
  placeOf,
  remarksOn,
} from "./structure";
import { areAllUntouched, isUntouched } from "./stubs";
import { safeText } from "./text";
import type { Walls } from "./walls/walls";

/**
 * Most code cells that a notebook may have. The time to compile a notebook grows with the square of its cells:
 * 500 take 25 s. A lesson has some 40.
 */
const MAX_CODE_CELLS = 400;

interface NotebookJob {
  folder: string;
  /** The file's name without `.ipynb`. */
  notebook: string;
  exercises: Exercise[];
  compiler: Compiler;
  limits: RunLimits;
  /** What stands between the notebook's code and this machine. */
  walls?: Walls;
  /** Bounds how many child processes run at once. */
  limit: Limit;
  onResult: (result: ExerciseResult) => void;
}

export interface GradedNotebook {
  results: ExerciseResult[];
  notes: Note[];
  /** What the exercises' code printed during the checks, by id. */
  outputs: Record<string, string>;
}

/** Grades a notebook's exercises, in their order. Never rejects because of what is in the notebook. */
export async function gradeNotebook(job: NotebookJob): Promise<GradedNotebook> {
  let cells: NotebookCell[];
  try {
    cells = readNotebook(path.join(job.folder, `${job.notebook}.ipynb`)).cells;
  } catch (error) {
    if (!(error instanceof NotebookFileError)) throw error;
    return unreadable(job, error.message);
  }
  const count = cells.filter(({ cell_type }) => cell_type === "code").length;
  if (count > MAX_CODE_CELLS) return unreadable(job, tooManyCells(job.notebook, count));
  const ids = job.exercises.map(({ id }) => id);
  if (areAllUntouched(ids, cells)) {
    const notes = hasLostRoles(cells) ? [{ notebook: job.notebook, text: LOST_ROLES, important: true }] : [];
    return { ...settled(job, job.exercises.map(untouched)), notes };
  }
  const compiled = await job.compiler.compile({ cells: codeCells(cells, ids), ids });
  return new NotebookGrader(job, cells, compiled).grade();
}

function tooManyCells(notebook: string, count: number): string {
  const got = count.toLocaleString("en-US");
  return `${notebook}.ipynb has ${got} code cells, expected at most ${MAX_CODE_CELLS}: delete those that it does not need`;
}

function unreadable(job: NotebookJob, message: string): GradedNotebook {
  const checks = [failure("the notebook can be read", safeText(message))];
  return settled(
    job,
    job.exercises.map(() => ({ status: "missing", checks })),
  );
}

/** Returns results that no cell has to run for. */
function settled(job: NotebookJob, findings: Finding[]): GradedNotebook {
  const results = job.exercises.map((exercise, i) => toResult(exercise, findings[i]));
  results.forEach(job.onResult);
  return { results, notes: [], outputs: {} };
}

class NotebookGrader {
  private readonly notes: Note[] = [];
  private readonly outputs: Record<string, string> = {};
  /** Findings on the exercises that cells which cannot run declare, by the cell's position. */
  private readonly leftOut = new Map<number, Finding>();
  /** Positions of cells that took too long once: later runs give them SLOW_CELL_MS (exercise-run.ts). */
  private readonly slow = new Set<number>();

  constructor(
    private readonly job: NotebookJob,
    private readonly cells: NotebookCell[],
    private readonly compiled: CompiledNotebook,
  ) {}

  async grade(): Promise<GradedNotebook> {
    if (hasLostRoles(this.cells)) this.note(LOST_ROLES);
    const [first, ...others] = this.job.exercises;
    const results = [await this.gradeExercise(first)];
    results.push(...(await Promise.all(others.map((exercise) => this.gradeExercise(exercise)))));
    this.noteProblems();
    return { results, notes: this.notes, outputs: this.outputs };
  }

  private async gradeExercise(exercise: Exercise): Promise<ExerciseResult> {
    const place = placeOf(exercise.id, this.cells, this.compiled.cells);
    for (const remark of remarksOn(place)) this.note(remark);
    const known = findingFromPlace(place, this.cells, this.compiled.cells) ?? this.ifStub(exercise);
    const finding = known ?? (await this.job.limit(() => this.run(exercise, place)));
    const result = toResult(exercise, finding);
    this.job.onResult(result);
    return result;
  }

  private ifStub(exercise: Exercise): Finding | undefined {
    return isUntouched(exercise.id, this.cells) ? untouched(exercise) : undefined;
  }

  /** Runs an exercise. Runs it again as long as a cell aborts the run, each time without that cell. */
  private async run(exercise: Exercise, place: CellPlace): Promise<Finding> {
    for (;;) {
      const finding = place.declaringCells.map(({ position }) => this.leftOut.get(position)).find(Boolean);
      if (finding) return finding;
      const run = await runExercise({
        folder: this.job.folder,
        exercise: exercise.id,
        notebook: this.compiled,
        leftOut: [...this.leftOut.keys()],
        slow: this.slow,
        standIns: this.standIns(exercise),
        limits: this.job.limits,
      });
      for (const { position, slow } of run.cellFailures) if (slow) this.slow.add(position);
      if (run.kind === "cellAborted") this.leaveOut(run);
      else return this.findingOf(exercise, place, run);
    }
  }

  private findingOf(
    exercise: Exercise,
    place: CellPlace,
    run: Exclude<ExerciseRun, { kind: "cellAborted" }>,
  ): Finding {
    this.outputs[exercise.id] = safeText(run.output);
    for (const { position, text } of run.cellFailures) {
      this.note(`cell ${position} failed: ${text}`, false);
    }
    if (run.kind === "aborted") return { status: run.status, checks: [failure(run.check, run.message)] };
    if (run.isLibrarySolution) return { status: "untouched", checks: [notOwnWork(exercise)] };
    const own = place.counts?.position;
    const failed = run.cellFailures.find(({ position }) => position === own);
    const checks = run.checks.map(cleanCheck);
    if (run.status === "missing" && failed) {
      checks.unshift(failure("the cell runs", `cell ${own} failed: ${failed.text}`));
    }
    if (run.status !== "solved") checks.unshift(...this.missingNeeds(exercise, own, run.cellFailures));
    return { status: run.status, checks };
  }

  /** Says what the answer uses of other cells and is not there, since they do not compile or failed. */
  private missingNeeds({ id }: Exercise, own: number | undefined, failed: CellFailure[]): CheckResult[] {
    const broken = this.compiled.cells
      .filter(({ problem }) => problem !== undefined)
      .map(({ position, neededBy, problem }) => ({
        position,
        missing: (neededBy[id] ?? []).filter((name) => name !== id),
        why: `does not compile: ${problem}`,
      }));
    const stopped = failed.map(({ position, missing, text }) => ({
      position,
      missing,
      why: `failed: ${text}\nThe grader has no network: let ${id} be given what it needs, or find it out itself.`,
    }));
    return [...broken, ...stopped]
      .filter(({ position, missing }) => position !== own && missing.length > 0)
      .map(({ position, missing, why }) => {
        const message = `${id} uses ${missing.join(", ")} of cell ${position}, which ${why}`;
        return failure("what it uses of other cells is there", message);
      });
  }

  private leaveOut({ position, status, message }: Extract<ExerciseRun, { kind: "cellAborted" }>): void {
    this.leftOut.set(position, { status, checks: [failure("the cell runs", message)] });
    this.note(`${message}; the rest was graded without that cell`);
  }

  /**
   * Returns the other exercises whose cells cannot run. The library's functions are used for them, so that
   * exercises that call them can be graded.
   */
  private standIns(exercise: Exercise): string[] {
    const broken = this.job.exercises.filter(({ id }) => {
      const { counts } = placeOf(id, this.cells, this.compiled.cells);
      return !counts || counts.problem !== undefined || this.leftOut.has(counts.position);
    });
    return broken.map(({ id }) => id).filter((id) => id !== exercise.id);
  }

  private noteProblems(): void {
    const reported = this.job.exercises.flatMap(
      ({ id }) => placeOf(id, this.cells, this.compiled.cells).counts?.position ?? [],
    );
    for (const { position, problem } of this.compiled.cells) {
      if (problem && !reported.includes(position))
        this.note(`cell ${position} does not compile: ${problem}`, false);
    }
  }

  private note(text: string, important = true): void {
    const note = { notebook: this.job.notebook, text: safeText(text), important };
    if (!this.notes.some((other) => other.text === note.text)) this.notes.push(note);
  }
}

const LOST_ROLES =
  "an editor has dropped the cells' metadata.course: the first code cell and those of the exercises were run, of the others only what these need; `git diff` shows what was dropped";

function notOwnWork({ id }: Exercise): CheckResult {
  return failure("it is your own", `useSolution stands in for ${id}: write your own to earn its points`);
}

function cleanCheck({ name, passed, message }: CheckResult): CheckResult {
  return { name, passed, message: safeText(message) };
}

function toResult({ id, notebook, points }: Exercise, { status, checks }: Finding): ExerciseResult {
  const earned = status === "solved" ? points : 0;
  return { id, notebook, status, points: earned, possible: points, checks: checks.map(cleanCheck) };
}
