/** One run of one exercise in a process of its own, and what came back of it. */
import { Child, type ChildOutcome } from "./child";
import type { CompiledNotebook } from "./compile-cells";
import type { ChildVerdict, ExerciseJob, ChildMessage } from "./ipc";
import type { GradedCheck, Status } from "./result";

export interface RunLimits {
  /** How long a cell may await, in milliseconds; then the next one runs, as after an interrupt. */
  cellMs: number;
  /** How long a cell or an answer may keep its process busy without a pause, in milliseconds. */
  busyMs: number;
}

export interface RunRequest {
  folder: string;
  exercise: string;
  notebook: CompiledNotebook;
  /** Positions of cells that are not run. */
  leftOut: number[];
  /** Positions of cells that are known to take too long. */
  slow: ReadonlySet<number>;
  standIns: string[];
  limits: RunLimits;
}

export interface CellFailure {
  position: number;
  text: string;
  slow: boolean;
}

interface Ran {
  cellFailures: CellFailure[];
  /** What was printed while the checks ran, or up to the end. */
  output: string;
}

export type Ending =
  | { kind: "checked"; status: ChildVerdict["status"]; checks: GradedCheck[]; isLibrarys: boolean }
  /** A cell ended the process, or held it up. */
  | { kind: "cellLost"; position: number; status: Status; message: string }
  /** The exercise did. */
  | { kind: "lost"; status: Status; check: string; message: string };

export type ExerciseRun = Ran & Ending;

const SLOW_AGAIN_MS = 300;
const TOTAL_MS = 90_000;

/** Runs a notebook's cells and an exercise's checks. Comes back whatever they do. */
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
    .map(({ position, pieces }) => {
      const limitMs = slow.has(position) ? Math.min(SLOW_AGAIN_MS, limits.cellMs) : limits.cellMs;
      return { position, pieces, limitMs };
    });
  return { exercise, cells, sideOutputs: notebook.sideOutputs, standIns };
}

/** What an outcome means; `at` is the cell that ran last, undefined once the checks do. */
function interpret(id: string, outcome: ChildOutcome<ChildMessage>, at: number | undefined): Ending {
  if (outcome.kind === "answer" && outcome.answer.kind === "verdict") {
    return { kind: "checked", ...outcome.answer.verdict };
  }
  if (outcome.kind === "answer") {
    const { position } = outcome.answer as Extract<ChildMessage, { kind: "exit" }>;
    return lost(
      id,
      "crashed",
      position ?? at,
      "called process.exit, which ends the kernel too: leave it out",
    );
  }
  if (outcome.kind === "timeout") {
    return lost(
      id,
      "timeout",
      at,
      `never finished: it was stopped after ${outcome.seconds} s; is there an endless loop?`,
    );
  }
  return lost(id, "crashed", at, `ended its process (${outcome.how})`);
}

function lost(id: string, status: Status, position: number | undefined, what: string): Ending {
  if (position === 0) throw new Error(`the process that grades ${id} did not start: it ${what}`);
  if (position) return { kind: "cellLost", position, status, message: `cell ${position} ${what}` };
  const check = status === "timeout" ? "it finishes" : "it leaves the process alone";
  return { kind: "lost", status, check, message: `${id} ${what}` };
}
