/**
 * Grades the exercises of one notebook.
 *
 *  1. reads the file; if nobody has begun any of its exercises, that is all
 *  2. compiles its cells once
 *  3. fails the exercises whose function is missing, renamed, or does not compile, and leaves stubs alone
 *  4. runs the cells in a learner's process, and has the others judged there, one after the other
 *  5. if an answer blocks or ends the process, or leaves something behind in it, gives each of the rest a process of
 *     its own
 *  6. if a cell does, fails the exercise that it declares, and runs the others again without that cell
 */
import { type CheckResult, untouched } from "../checks/run-checks";
import path from "node:path";
import { type Exercise, LIMIT_MS } from "../checks/exercise";
import { NotebookFileError, readNotebook, type NotebookCell } from "../notebook/source/notebook-file";
import { formatCount } from "../util/numbers";
import type { CompiledNotebook } from "./between/compiled";
import type { LibraryFunction } from "./between/messages";
import { isDoubtful } from "./doubt";
import { findingFromJudged } from "./judged-finding";
import { prepareCourt, runInCourt } from "./judge/court-process";
import type { MoreChecks } from "./judge/more-checks";
import { type Judged, type NotebookRun, runNotebook, type RunLimits } from "./notebook-run";
import { type ExerciseResult, failure, type Note } from "./result";
import {
  codeCells,
  type ExercisePlace,
  exercisePlace,
  type Finding,
  findingFromPlace,
  hasLostRoles,
  remarksOn,
} from "./structure";
import { areAllUntouched, isUntouched } from "./stubs";
import { safeText } from "./text";
import type { Walls } from "./walls/walls";
import type { Workshop } from "./workshop";

/**
 * Most code cells that a notebook may have. The time to compile a notebook grows with the square of its cells:
 * 500 take 25 s. A lesson has some 40.
 */
const MAX_CODE_CELLS = 400;
/** Time limit for the checks of an exercise, in milliseconds. */
const MOST_CHECKS_MS = 90_000;

interface NotebookJob {
  folder: string;
  /** The file's name without `.ipynb`. */
  notebook: string;
  exercises: Exercise[];
  limits: RunLimits;
  more?: MoreChecks;
  /** What stands between the notebook's code and this machine. */
  walls: Walls;
  workshop: Workshop;
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
  const { walls, workshop } = job;
  if (walls.judgeCommand) prepareCourt(walls.judgeCommand, workshop.most);
  const compiled = await workshop.compile(job.folder, { cells: codeCells(cells, ids), ids });
  return new NotebookGrader(job, cells, compiled).grade();
}

function tooManyCells(notebook: string, count: number): string {
  return `${notebook}.ipynb has ${formatCount(count)} code cells, expected at most ${MAX_CODE_CELLS}: delete those that it does not need`;
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
  private readonly results = new Map<string, ExerciseResult>();
  /** Findings on the exercises that cells which cannot run declare, by the cell's position. */
  private readonly leftOut = new Map<number, Finding>();
  /** Positions of cells that took too long once: later runs give them SLOW_CELL_MS (notebook-run.ts). */
  private readonly slow = new Set<number>();
  /** Where the exercises are, by id. */
  private readonly places: ReadonlyMap<string, ExercisePlace>;

  constructor(
    private readonly job: NotebookJob,
    private readonly cells: NotebookCell[],
    private readonly compiled: CompiledNotebook,
  ) {
    this.places = new Map(job.exercises.map(({ id }) => [id, exercisePlace(id, cells, compiled.cells)]));
  }

  async grade(): Promise<GradedNotebook> {
    if (hasLostRoles(this.cells)) this.note(LOST_ROLES);
    for (const place of this.places.values()) for (const remark of remarksOn(place)) this.note(remark);
    const toRun = this.job.exercises.filter((exercise) => {
      const known = findingFromPlace(this.placeOf(exercise), this.cells, this.compiled.cells);
      const finding = known ?? (isUntouched(exercise.id, this.cells) ? untouched(exercise) : undefined);
      if (finding) this.settle(exercise, finding);
      return !finding;
    });
    // A `useSolution` is left out when its own exercise is judged, and runs for the others.
    const alone = toRun.filter((exercise) => this.placeOf(exercise).standIns.length > 0);
    const together = toRun.filter((exercise) => !alone.includes(exercise));
    await Promise.all([this.runTogether(together), ...alone.map((exercise) => this.runTogether([exercise]))]);
    this.noteProblems();
    const results = this.job.exercises.map(({ id }) => this.results.get(id)!);
    return { results, notes: this.notes, outputs: this.outputs };
  }

  private placeOf({ id }: Exercise): ExercisePlace {
    return this.places.get(id)!;
  }

  private settle(exercise: Exercise, finding: Finding): void {
    const result = toResult(exercise, finding);
    this.results.set(exercise.id, result);
    this.job.onResult(result);
  }

  /** Runs exercises in one process: again without a cell that aborts it, and the rest alone when an answer does. */
  private async runTogether(exercises: Exercise[]): Promise<void> {
    let left = exercises;
    while (left.length > 0) {
      const run = await this.job.workshop.run(() => this.run(left));
      for (const judged of run.judged) {
        const exercise = left.find(({ id }) => id === judged.exercise)!;
        if (isDoubtful(exercise, judged)) await this.confirm(exercise);
        else this.settleJudged(exercise, judged, run);
      }
      for (const exercise of left) this.settleIfLeftOut(exercise);
      left = left.filter(({ id }) => !this.results.has(id));
      if (!run.aborted) break;
    }
    await Promise.all(left.map((exercise) => this.runTogether([exercise])));
  }

  /** Judges an answer again that has failed, while nothing else runs: the machine may have been too busy for it. */
  private async confirm(exercise: Exercise): Promise<void> {
    const run = await this.job.workshop.runAlone(() => this.run([exercise]));
    for (const judged of run.judged) this.settleJudged(exercise, judged, run);
  }

  /** Runs exercises in a process, and notes what became of the cells and of the process. */
  private async run(exercises: Exercise[]): Promise<NotebookRun> {
    const { folder, walls } = this.job;
    const request = {
      folder,
      exercises: exercises.map(libraryFunctionOf),
      checksMs: Object.fromEntries(exercises.map((exercise) => [exercise.id, checksMs(exercise)])),
      notebook: this.compiled,
      leftOut: [...this.leftOut.keys()],
      slow: this.slow,
      standIns: this.standIns(exercises),
      limits: this.job.limits,
      more: this.job.more,
    };
    const run = await (walls.judgeCommand
      ? runInCourt(walls.judgeCommand, request)
      : runNotebook({ ...request, walls }));
    for (const { position, slow } of run.cellFailures) if (slow) this.slow.add(position);
    for (const what of run.nonsense) this.note(`${TAMPERED}: ${what}`, true, true);
    if (run.aborted) this.leaveOut(run.aborted);
    return run;
  }

  private settleIfLeftOut(exercise: Exercise): void {
    const { declaringCells } = this.placeOf(exercise);
    const cell = declaringCells.find(({ position }) => this.leftOut.has(position));
    if (cell && !this.results.has(exercise.id)) this.settle(exercise, this.leftOut.get(cell.position)!);
  }

  private settleJudged(exercise: Exercise, judged: Judged, run: NotebookRun): void {
    this.outputs[exercise.id] = safeText(judged.output);
    for (const { position, text } of run.cellFailures) this.note(`cell ${position} failed: ${text}`, false);
    const place = this.placeOf(exercise);
    this.settle(exercise, findingFromJudged(exercise, judged, place, this.compiled.cells, run.cellFailures));
  }

  private leaveOut({ position, status, message }: NonNullable<NotebookRun["aborted"]>): void {
    this.leftOut.set(position, { status, checks: [failure("the cell runs", message)] });
    this.note(`${message}; the rest was graded without that cell`);
  }

  /**
   * Returns the other exercises whose cells cannot run. The library's functions are used for them, so that
   * exercises that call them can be graded.
   */
  private standIns(running: Exercise[]): LibraryFunction[] {
    const broken = this.job.exercises.filter((exercise) => {
      const { counts } = this.placeOf(exercise);
      const isBroken = !counts || counts.problem !== undefined || this.leftOut.has(counts.position);
      return isBroken && !running.includes(exercise);
    });
    return broken.map(libraryFunctionOf);
  }

  private noteProblems(): void {
    const reported = [...this.places.values()].flatMap(({ counts }) => counts?.position ?? []);
    for (const { position, problem } of this.compiled.cells) {
      if (problem && !reported.includes(position))
        this.note(`cell ${position} does not compile: ${problem}`, false);
    }
  }

  private note(text: string, important = true, isEvidence = false): void {
    const note: Note = { notebook: this.job.notebook, text: safeText(text), important };
    if (isEvidence) note.isEvidence = true;
    if (!this.notes.some((other) => other.text === note.text)) this.notes.push(note);
  }
}

const LOST_ROLES =
  "an editor has dropped the cells' metadata.course: the first code cell and those of the exercises were run, of the others only what these need; `git diff` shows what was dropped";

function libraryFunctionOf({ id, source }: Exercise): LibraryFunction {
  return { id, source };
}

/** Returns how long the checks of an exercise may take, in milliseconds. */
export function checksMs({ checks }: Exercise): number {
  const all = checks.reduce((sum, { limitMs = LIMIT_MS }) => sum + limitMs, 0);
  return Math.min(all, MOST_CHECKS_MS);
}

const TAMPERED = "the process said what no code of the course says; a person has to look at this notebook";

function cleanCheck({ name, passed, message }: CheckResult): CheckResult {
  return { name, passed, message: safeText(message) };
}

function toResult({ id, notebook, points }: Exercise, { status, checks }: Finding): ExerciseResult {
  const earned = status === "solved" ? points : 0;
  return { id, notebook, status, points: earned, possible: points, checks: checks.map(cleanCheck) };
}
