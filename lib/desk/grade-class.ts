/** Grades a class, learner by learner. What is in one submission changes nobody else's result. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Exercise } from "../checks/exercise";
import { grade } from "../grading/grade";
import { fingerprintOf, type MoreChecks } from "../grading/judge/more-checks";
import type { RunLimits } from "../grading/notebook-run";
import { type ExerciseResult, failure, type Note, sumUp } from "../grading/result";
import type { Walls } from "../grading/walls/walls";
import { Workshop } from "../grading/workshop";
import { isRunning } from "../util/processes";
import type { Lessons } from "./lessons";
import { lookAhead } from "./look-ahead";
import { type Staged, stage } from "./staging";
import { graderFingerprint, type LessonGrade, StoredResults } from "./stored-results";
import type { ClassFolder, Submission } from "./submissions";

/** A learner's result: an element of the array that `npm run grade -- --submissions DIR --json FILE` writes. */
export interface LearnerResult {
  learner: string;
  source: string;
  release: string | null;
  /** What stood between the learner's code and this machine. */
  isolation: string;
  points: number;
  possible: number;
  exercises: ExerciseResult[];
  notes: string[];
  /** What looks like tampering: for the instructor alone. */
  evidence: string[];
}

/** A result, with what the files that are written need besides. */
export interface GradedLearner {
  submission: Submission;
  result: LearnerResult;
  /** Where the learner's lessons lie, as they were graded, until `close`. */
  folder: string;
}

export interface ClassProgress {
  /** How many learners are done, of how many. */
  done: number;
  all: number;
  /** Whether all of it was known from before. */
  wasKnown: boolean;
  /** How long the others will take, in milliseconds; undefined until one was graded. */
  leftMs?: number;
}

interface ClassOptions {
  folder: ClassFolder;
  lessons: Lessons;
  /** The exercises to grade; if not given, those of all lessons that somebody handed in. */
  exercises?: Exercise[];
  /** All exercises of the course. */
  all: readonly Exercise[];
  /** A folder of ours, from which `@course/lib` resolves. */
  work: string;
  /** Whether an exercise earns the share of its checks that passed. */
  partial?: boolean;
  /** The release of this course. */
  release: string;
  /** Whether to grade a submission; all are read, since they say which lessons the class has. */
  isWanted?: (submission: Submission) => boolean;
  /** Whether to grade again what is known from before. */
  again?: boolean;
  limits?: Partial<RunLimits>;
  /** Checks that learners do not see. */
  more?: MoreChecks;
  /** What stands between learners' code and this machine. */
  walls: Walls;
  onStart?: (exercises: Exercise[]) => void;
  onResult?: (graded: GradedLearner, progress: ClassProgress) => void;
}

/** How many learners are graded at once: while the peers of one keep silent, the cells of another are compiled. */
const AT_ONCE = 3;

/** Grades a class. `close` removes the folders in which it was graded. */
export async function gradeClass(options: ClassOptions): Promise<{ graded: GradedLearner[]; close(): void }> {
  const { folder, lessons, work, onResult = () => {} } = options;
  const staging = stagingFolder(work);
  const close = (): void => fs.rmSync(staging, { recursive: true, force: true });
  process.once("exit", close);
  const staged: Staged[] = [];
  for (const [i, submission] of folder.submissions.entries())
    staged.push(await stage(submission, path.join(staging, String(i)), lessons));
  const exercises = options.exercises ?? handedIn(options.all, staged);
  options.onStart?.(exercises);
  const grader = new ClassGrader(options, exercises, new StoredResults(path.join(work, "results.jsonl")));
  const graded: GradedLearner[] = [];
  const wanted = folder.submissions
    .map((submission, i) => ({ submission, staged: staged[i] }))
    .filter(({ submission }) => options.isWanted?.(submission) ?? true);
  const clock = { ms: 0, count: 0 };
  let toGrade = wanted.filter(({ staged }) => !grader.isKnown(staged));
  let before = performance.now();
  const results = lookAhead(wanted, AT_ONCE, ({ submission, staged }) => grader.gradeOne(submission, staged));
  try {
    for await (const { item, result: one } of results) {
      const { submission, staged } = item;
      if (!one.wasKnown) {
        clock.ms += performance.now() - before;
        clock.count++;
        toGrade = toGrade.filter((other) => other.staged !== staged && !grader.isKnown(other.staged));
      }
      before = performance.now();
      graded.push({ submission, result: one.result, folder: staged.folder });
      const leftMs = timeLeft(clock.ms, clock.count, toGrade.length);
      onResult(graded.at(-1)!, { done: graded.length, all: wanted.length, wasKnown: one.wasKnown, leftMs });
    }
  } finally {
    grader.end();
  }
  return { graded, close };
}

/**
 * Returns how long `left` learners will take, in milliseconds, after `done` took `ms`; undefined if none is done.
 * Of those who are graded at this moment one begins now; the others count as half done.
 */
export function timeLeft(ms: number, done: number, left: number): number | undefined {
  const halfDone = Math.max(0, Math.min(AT_ONCE, left) - 1) / 2;
  return done === 0 ? undefined : (ms / (done + halfDone)) * (left - halfDone);
}

/** Returns a new folder; removes those of grades that were killed. */
function stagingFolder(work: string): string {
  fs.mkdirSync(work, { recursive: true });
  for (const name of fs.readdirSync(work)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) fs.rmSync(path.join(work, name), { recursive: true, force: true });
  }
  return fs.mkdtempSync(path.join(work, `run-${process.pid}-`));
}

/** Returns the exercises of the lessons that somebody handed in; of all, if nobody handed in any. */
function handedIn(all: readonly Exercise[], staged: Staged[]): Exercise[] {
  const lessons = new Set(staged.flatMap(({ hashes }) => Object.keys(hashes)));
  return lessons.size === 0 ? [...all] : all.filter(({ notebook }) => lessons.has(notebook));
}

class ClassGrader {
  private readonly workshop: Workshop;
  private readonly fingerprint = graderFingerprint();
  private readonly isolation: string;
  private readonly moreChecks: string | null;

  constructor(
    private readonly options: ClassOptions,
    private readonly exercises: Exercise[],
    private readonly stored: StoredResults,
  ) {
    this.isolation = options.walls.isolation;
    this.workshop = new Workshop(options.walls.isWeak, true);
    this.moreChecks = options.more ? fingerprintOf(options.more) : null;
  }

  end(): void {
    this.workshop.end();
  }

  async gradeOne(
    submission: Submission,
    staged: Staged,
  ): Promise<{ result: LearnerResult; wasKnown: boolean }> {
    const { problem } = staged;
    const notes = [...(submission.isLate ? ["handed in late"] : []), ...staged.notes];
    const { release } = this.options;
    if (staged.release !== null && staged.release !== release)
      notes.push(
        `the notebooks are of release ${staged.release}; they were graded with the checks of ${release}`,
      );
    const { grades, wasKnown } = problem === undefined ? await this.gradesOf(staged) : NOTHING;
    const byId = new Map(grades.flatMap(({ exercises }) => exercises).map((result) => [result.id, result]));
    const results = this.exercises.map((exercise) => byId.get(exercise.id) ?? missing(exercise, problem));
    const remarks = grades.flatMap((one) => one.notes).filter(({ important }) => important);
    const textsOf = (some: Note[]) => some.map(({ notebook, text }) => `${notebook}: ${text}`);
    notes.push(...textsOf(remarks.filter(({ isEvidence }) => !isEvidence)));
    const evidence = textsOf(remarks.filter(({ isEvidence }) => isEvidence));
    const counted = this.options.partial ? results.map(withPartialPoints) : results;
    const summed = sumUp(counted);
    const { learner, source } = submission;
    const result = {
      learner,
      source,
      release: staged.release,
      isolation: this.isolation,
      points: rounded(summed.points),
      possible: summed.possible,
      exercises: counted,
      notes: [...new Set(notes)],
      evidence: [...new Set(evidence)],
    };
    return { result, wasKnown };
  }

  /** Returns whether no lesson of this submission has to be graded. */
  isKnown(staged: Staged): boolean {
    if (this.options.again && Object.keys(staged.hashes).length > 0) return false;
    return this.toGrade(staged).every(({ lesson }) => this.stored.has(this.keyOf(staged, lesson)));
  }

  private async gradesOf(staged: Staged): Promise<{ grades: LessonGrade[]; wasKnown: boolean }> {
    const lessons = this.toGrade(staged);
    const grades = new Map<string, LessonGrade>();
    for (const { lesson } of this.options.again ? [] : lessons) {
      const known = this.stored.get(this.keyOf(staged, lesson));
      if (known) grades.set(lesson, known);
    }
    const unknown = lessons.filter(({ lesson }) => !grades.has(lesson));
    if (unknown.length > 0) {
      const exercises = unknown.flatMap((one) => one.exercises);
      const { result, notes, outputs } = await grade({
        folder: staged.folder,
        exercises,
        limits: this.options.limits,
        more: this.options.more,
        walls: this.options.walls,
        workshop: this.workshop,
      });
      for (const { lesson, exercises: own } of unknown) {
        const ids = own.map(({ id }) => id);
        const graded = {
          exercises: result.exercises.filter(({ id }) => ids.includes(id)),
          notes: notes.filter(({ notebook }) => notebook === lesson),
          outputs: Object.fromEntries(Object.entries(outputs).filter(([id]) => ids.includes(id))),
        };
        this.stored.add(this.keyOf(staged, lesson), graded);
        grades.set(lesson, graded);
      }
    }
    const inOrder = lessons.map(({ lesson }) => grades.get(lesson)!);
    return { grades: inOrder, wasKnown: unknown.length === 0 };
  }

  private toGrade({ hashes }: Staged): { lesson: string; exercises: Exercise[] }[] {
    return Object.keys(hashes)
      .map((lesson) => ({ lesson, exercises: this.exercises.filter(({ notebook }) => notebook === lesson) }))
      .filter(({ exercises }) => exercises.length > 0);
  }

  private keyOf({ hashes }: Staged, lesson: string): string {
    const ids = this.exercises.filter(({ notebook }) => notebook === lesson).map(({ id }) => id);
    const parts = [
      this.fingerprint,
      this.isolation,
      this.options.limits ?? null,
      this.moreChecks,
      lesson,
      ids,
      hashes[lesson],
    ];
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  }
}

const NOTHING = { grades: [], wasKnown: true };

function missing({ id, notebook, points }: Exercise, problem?: string): ExerciseResult {
  const check = problem
    ? failure("the submission can be read", problem)
    : failure("the lesson was handed in", `${notebook}.ipynb is not in the submission`);
  return { id, notebook, status: "missing", points: 0, possible: points, checks: [check] };
}

/** Returns a result that earns the share of its checks that passed. */
function withPartialPoints(result: ExerciseResult): ExerciseResult {
  if (result.status !== "failed" || result.checks.length === 0) return result;
  const passed = result.checks.filter((check) => check.passed).length;
  return { ...result, points: rounded((result.possible * passed) / result.checks.length) };
}

/** Returns points with two decimals at most. */
export function rounded(points: number): number {
  return Math.round(100 * points) / 100;
}
