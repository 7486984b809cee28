/**
 * Runs a notebook's cells in a learner's process, and lets the judge try the answers to some of its exercises there,
 * one after the other.
 */
import type { CheckResult, Verdict } from "../checks/run-checks";
import { watchTimers } from "../util/late-timers";
import type { CompiledCell, CompiledNotebook } from "./between/compiled";
import type { FromLearner, LearnerJob, LibraryFunction } from "./between/messages";
import type { Pace } from "./doubt";
import { type Ending, isEnding, type Meaning, meaningOf, TAMPERED_WITH } from "./ending";
import { giveBack, type JudgeThread, takeJudge } from "./judge/judge-thread";
import type { MoreChecks } from "./judge/more-checks";
import { LearnerProcess } from "./learner-process";
import { failure, type Status } from "./result";
import { Timeouts } from "./timeouts";
import type { Walls } from "./walls/walls";

export interface RunLimits {
  /**
   * Time limit for what a cell awaits, in milliseconds. After it the next cell runs, as after an interrupt.
   */
  cellMs: number;
  /** Time limit for a cell or an answer that keeps the event loop busy, in milliseconds. */
  busyMs: number;
}

export interface RunRequest {
  folder: string;
  walls: Walls;
  exercises: LibraryFunction[];
  /** How long their checks may take, in milliseconds: each ends by itself, unless the process says nothing any more. */
  checksMs: Readonly<Record<string, number>>;
  notebook: CompiledNotebook;
  /** Positions of cells that do not run. */
  leftOut: number[];
  /** Positions of cells that took too long in an earlier run. */
  slow: ReadonlySet<number>;
  /** Exercises for which the library's functions are used. */
  standIns: LibraryFunction[];
  limits: RunLimits;
  /** Checks that learners do not see. */
  more?: MoreChecks;
}

export interface CellFailure {
  position: number;
  text: string;
  slow: boolean;
  /** Names of the cell that the answers need and that are not there because of it. */
  missing: string[];
}

/** What became of an answer. */
export interface Judged {
  exercise: string;
  status: Status;
  checks: CheckResult[];
  /** How the answer let the library do its work, if it did. */
  libraryUse?: "stands in" | "calls";
  /** What the process printed during the checks. */
  output: string;
  /** If the checks have come to their end. */
  pace?: Pace;
}

export interface NotebookRun {
  /** In the order of the exercises. If the process ended before, not all of them. */
  judged: Judged[];
  /** The cell that ended the process or blocked it. */
  aborted?: { position: number; status: Status; message: string };
  cellFailures: CellFailure[];
  /** What a learner's process said that none of ours says: evidence for a person. */
  nonsense: string[];
}

/** Time limit for a cell that took too long in an earlier run, in milliseconds. */
const SLOW_CELL_MS = 300;
/** Time limit for the start of a process, in milliseconds. */
const START_MS = 60_000;
/** How much later than they should a cell and a verdict may come, in milliseconds. */
const MARGIN_MS = 10_000;

/**
 * Runs a notebook's cells, and judges the answers to `exercises` until one of them ends the process or blocks it.
 *
 * Resolves whatever the cells and the answers do.
 */
export async function runNotebook(request: RunRequest): Promise<NotebookRun> {
  const run = new Run(request);
  try {
    return await run.judgeAll();
  } finally {
    run.end();
  }
}

type Report<Kind> = Extract<FromLearner, { kind: Kind }>;

class Run {
  private readonly judged: Judged[] = [];
  private readonly cellFailures: CellFailure[] = [];
  private readonly nonsense: string[] = [];
  private readonly uncaught: { exercise: string; text: string }[] = [];
  private readonly usedSolutions = new Set<string>();
  private readonly timeouts = new Timeouts();
  private readonly learner: LearnerProcess;
  private readonly judge: JudgeThread = takeJudge();
  /** Resolves when the process is over, or has to be. */
  private readonly ending: Promise<Ending>;
  private exited: (ending: Ending) => void = () => {};
  private waiting: { kind: FromLearner["kind"]; resolve(message: FromLearner): void } | undefined;
  /** The cell that runs; undefined once the cells are done. */
  private position: number | undefined = 0;
  private isJudgeFree = true;

  constructor(private readonly request: RunRequest) {
    this.timeouts.restart(START_MS);
    this.learner = new LearnerProcess(request.folder, request.walls, {
      onReport: (message) => this.onReport(message),
      onLine: (line) => {
        this.timeouts.restart(request.limits.busyMs);
        this.judge.pass(line);
      },
      onNonsense: (what) => this.noteNonsense(what),
    });
    this.judge.meet({
      send: (message, isReply) => this.learner.send(message, isReply),
      onNonsense: (what) => this.noteNonsense(what),
    });
    const exit = new Promise<Ending>((resolve) => (this.exited = resolve));
    const ended = this.learner.ended.then((reason): Ending => ({ ending: "ended", reason }));
    const late = this.timeouts.expired.then((ms): Ending => ({ ending: "late", ms }));
    this.ending = Promise.race([exit, ended, late]);
  }

  async judgeAll(): Promise<NotebookRun> {
    const ending = await this.runCells();
    if (ending) return this.result(await this.abortedCell(ending));
    for (const { id } of this.request.exercises) {
      const isOver = await this.judgeOne(id);
      if (isOver) break;
    }
    return this.result();
  }

  end(): void {
    this.timeouts.stop();
    this.learner.end();
    if (this.isJudgeFree) giveBack(this.judge);
    else this.judge.end();
  }

  /** Runs the cells. Resolves to how the process ended, if it did. */
  private async runCells(): Promise<Ending | undefined> {
    const started = await this.next("started");
    if (isEnding(started)) return started;
    this.timeouts.limitTotal(MARGIN_MS);
    this.timeouts.restart(this.request.limits.busyMs);
    this.learner.send({ job: jobOf(this.request) });
    const done = await this.next("cellsDone");
    if (isEnding(done)) return done;
    this.position = undefined;
    return undefined;
  }

  /** Judges an answer. Resolves to whether the process is not to be used any more. */
  private async judgeOne(exercise: string): Promise<boolean> {
    this.timeouts.limitTotal(this.request.checksMs[exercise] + MARGIN_MS);
    this.learner.send({ begin: exercise });
    const answer = await this.next("answer");
    if (isEnding(answer)) return this.abort(exercise, answer);
    if (answer.exercise !== exercise) this.noteNonsense("an answer to another exercise");
    this.isJudgeFree = false;
    const handed = { ...answer, exercise };
    const endWatch = watchTimers();
    const startedAt = performance.now();
    const judgement = await Promise.race([this.judge.judge(handed, this.request.more ?? {}), this.ending]);
    const lateMs = endWatch();
    if (isEnding(judgement)) return this.abort(exercise, judgement);
    this.isJudgeFree = true;
    const pace = { tookMs: performance.now() - startedAt, lateMs: Math.max(lateMs, judgement.lateMs) };
    return this.conclude(handed, judgement.verdict, pace);
  }

  private conclude({ exercise, isLibrarySolution }: Report<"answer">, verdict: Verdict, pace: Pace): boolean {
    const uncaught = this.uncaught.find((one) => one.exercise === exercise);
    const checks = uncaught
      ? [failure("no error goes uncaught", uncaught.text), ...verdict.checks]
      : [...verdict.checks];
    const status = this.nonsense.length > 0 ? "tampered" : uncaught ? "crashed" : verdict.status;
    const called = this.usedSolutions.has(exercise) ? "calls" : undefined;
    const libraryUse = isLibrarySolution ? "stands in" : called;
    const output = this.learner.output(exercise);
    this.judged.push({ exercise, status, checks, libraryUse, output, pace });
    // What one answer has left behind is not to disturb the next.
    const isTidy = checks.every(({ name }) => name !== "nothing is left open");
    return !isTidy || status === "crashed" || status === "tampered";
  }

  private async abort(exercise: string, ending: Ending): Promise<true> {
    const { status, check, what } = await this.explain(ending);
    const checks = [failure(check, `${exercise} ${what}`)];
    this.judged.push({ exercise, status, checks, output: this.learner.output(exercise) });
    return true;
  }

  /** Throws an Error if the process did not start: that is the grader's fault, not the learner's. */
  private async abortedCell(ending: Ending): Promise<NotebookRun["aborted"]> {
    const { status, what } = await this.explain(ending);
    const claimed = ending.ending === "exit" ? ending.position : undefined;
    const position = claimed !== undefined && this.cellAt(claimed) ? claimed : this.position;
    if (!position) {
      const printed = this.learner.output("").trim();
      throw new Error(`the learner's process did not start: it ${what}${printed && `\n${printed}`}`);
    }
    return { position, status, message: `cell ${position} ${what}` };
  }

  /** Ends the process, and resolves to what its ending means. */
  private async explain(ending: Ending): Promise<Meaning> {
    this.learner.end();
    await this.learner.drain();
    if (this.nonsense.length > 0) return TAMPERED_WITH;
    return meaningOf(ending, this.learner.brokenLimit);
  }

  private result(aborted?: NotebookRun["aborted"]): NotebookRun {
    const { judged, cellFailures, nonsense } = this;
    return { judged, cellFailures, nonsense, aborted };
  }

  /** Resolves to the next report of a kind, or to how the process ended before. */
  private next<Kind extends FromLearner["kind"]>(kind: Kind): Promise<Report<Kind> | Ending> {
    const report = new Promise<FromLearner>((resolve) => (this.waiting = { kind, resolve }));
    return Promise.race([report as Promise<Report<Kind>>, this.ending]);
  }

  private onReport(message: FromLearner): void {
    if (message.kind !== "started") this.timeouts.restart(this.request.limits.busyMs);
    if (message.kind === "cell") this.enter(message.position);
    else if (message.kind === "cellFailed") this.cellFailures.push(message);
    else if (message.kind === "uncaught") this.uncaught.push(message);
    else if (message.kind === "usedSolution") this.usedSolutions.add(message.exercise);
    else if (message.kind === "exit") this.exited({ ending: "exit", position: message.position });
    else if (this.waiting?.kind === message.kind) this.waiting.resolve(message);
    else if (message.kind !== "heartbeat") this.noteNonsense(JSON.stringify(message).slice(0, 1000));
  }

  private enter(position: number): void {
    const cell = this.cellAt(position);
    if (this.position === undefined || !cell) {
      this.noteNonsense(`cell ${position}, which was not to run`);
      return;
    }
    this.position = position;
    this.timeouts.limitTotal(cell.pieces.length * this.request.limits.cellMs + MARGIN_MS);
  }

  private cellAt(position: number): CompiledCell | undefined {
    return this.request.notebook.cells.find((cell) => cell.position === position);
  }

  private noteNonsense(what: string): void {
    if (this.nonsense.length < 10) this.nonsense.push(what);
  }
}

function jobOf({ exercises, notebook, leftOut, slow, standIns, limits }: RunRequest): LearnerJob {
  const cells = notebook.cells
    .filter(({ position, pieces }) => pieces.length > 0 && !leftOut.includes(position))
    .map(({ neededBy, uses: _, ...cell }) => {
      const { position } = cell;
      const limitMs = slow.has(position) ? Math.min(SLOW_CELL_MS, limits.cellMs) : limits.cellMs;
      const needs = [...new Set(exercises.flatMap(({ id }) => neededBy[id] ?? []))];
      return { ...cell, needs, limitMs };
    });
  const uses = [...new Set(notebook.cells.flatMap((cell) => cell.uses))];
  return { exercises, cells, sideOutputs: notebook.sideOutputs, standIns, uses };
}
