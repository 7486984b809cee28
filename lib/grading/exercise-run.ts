/**
 * Runs a notebook's cells and one exercise's checks in a child process: the grader's side of run-exercise.ts.
 */
import { Child, type ChildOutcome } from "./child";
import type { CompiledNotebook } from "./compile-cells";
import type { ChildVerdict, ExerciseJob, ChildMessage } from "./ipc";
import type { Status } from "./result";

export interface RunLimits {
  /**
   * Time limit for what a cell awaits, in milliseconds. After it the next cell runs, as after an interrupt.
   */
  cellMs: number;
  /** Time limit for a cell or an answer that keeps the event loop busy, in milliseconds. */
  busyMs: number;
}

interface RunRequest {
  folder: string;
  exercise: string;
  notebook: CompiledNotebook;
  /** Positions of cells that do not run. */
  leftOut: number[];
  /** Positions of cells that took too long in an earlier run. */
  slow: ReadonlySet<number>;
  /** Exercises for which the library's functions are used. */
  standIns: string[];
  limits: RunLimits;
}

export interface CellFailure {
  position: number;
  text: string;
  slow: boolean;
  /** Names of the cell that the answer needs and that are not there because of it. */
  missing: string[];
}

type Outcome =
  | ({ kind: "checked" } & ChildVerdict)
  /** A cell ended the process or blocked it. */
  | { kind: "cellAborted"; position: number; status: Status; message: string }
  /** The exercise's function ended the process or blocked it. */
  | { kind: "aborted"; status: Status; check: string; message: string };

export type ExerciseRun = Outcome & {
  cellFailures: CellFailure[];
  /** What the process printed during the checks. If it did not get that far: what it printed at all. */
  output: string;
};

/** Time limit for a cell that took too long in an earlier run, in milliseconds. */
const SLOW_CELL_MS = 300;
const TOTAL_MS = 90_000;

/**
 * Runs a notebook's cells and an exercise's checks.
 *
 * Resolves even if they end the process or never finish.
 */
export async function runExercise(request: RunRequest): Promise<ExerciseRun> {
  const child = new Child("run-exercise.js", request.folder);
  const cellFailures: CellFailure[] = [];
  let position: number | undefined = 0;
  const answerOf = (message: ChildMessage): ChildMessage | undefined => {
    if (message.kind === "cell") position = message.position;
    if (message.kind === "cellFailed") cellFailures.push(message);
    if (message.kind === "checking") position = undefined;
    return message.kind === "verdict" || message.kind === "exit" ? message : undefined;
  };
  try {
    const limits = { silenceMs: request.limits.busyMs, totalMs: TOTAL_MS };
    const outcome = await child.ask(jobOf(request), limits, answerOf);
    child.end();
    await child.drain();
    return { ...interpret(request.exercise, outcome, position), cellFailures, output: child.output };
  } finally {
    child.end();
  }
}

function jobOf({ exercise, notebook, leftOut, slow, standIns, limits }: RunRequest): ExerciseJob {
  const cells = notebook.cells
    .filter(({ position, pieces }) => pieces.length > 0 && !leftOut.includes(position))
    .map(({ neededBy, ...cell }) => {
      const { position } = cell;
      const limitMs = slow.has(position) ? Math.min(SLOW_CELL_MS, limits.cellMs) : limits.cellMs;
      return { ...cell, needs: neededBy[exercise] ?? [], limitMs };
    });
  return { exercise, cells, sideOutputs: notebook.sideOutputs, standIns };
}

/**
 * Interprets a child's outcome.
 *
 * `at` is the position of the cell that ran last, undefined during the checks.
 */
function interpret(id: string, outcome: ChildOutcome<ChildMessage>, at: number | undefined): Outcome {
  if (outcome.kind === "answer" && outcome.answer.kind === "verdict") {
    return { kind: "checked", ...outcome.answer.verdict };
  }
  if (outcome.kind === "answer") {
    const { position } = outcome.answer as Extract<ChildMessage, { kind: "exit" }>;
    return aborted(
      id,
      "crashed",
      position ?? at,
      "called process.exit, which ends the kernel too: leave it out",
    );
  }
  if (outcome.kind === "timeout") {
    return aborted(
      id,
      "timeout",
      at,
      `never finished: it was stopped after ${outcome.seconds} s; is there an endless loop?`,
    );
  }
  return aborted(id, "crashed", at, `ended its process (${outcome.reason})`);
}

/**
 * Returns the outcome of a run that was aborted in a cell, or in the checks if `position` is undefined.
 *
 * @throws Error if the process did not start: that is the grader's fault, not the learner's.
 */
function aborted(id: string, status: Status, position: number | undefined, what: string): Outcome {
  if (position === 0) throw new Error(`the process that grades ${id} did not start: it ${what}`);
  if (position) return { kind: "cellAborted", position, status, message: `cell ${position} ${what}` };
  const check = status === "timeout" ? "it finishes" : "it leaves the process alone";
  return { kind: "aborted", status, check, message: `${id} ${what}` };
}
