/**
 * The child process that grades one exercise.
 *
 *  1. receives its job: a notebook's compiled cells, and the exercise's id
 *  2. runs the cells with the kernel's own executor, cut off from the network, each within a time limit
 *  3. runs the exercise's checks on the function that the cells declare
 *  4. sends the verdict, with what was left open; the grader then ends this process
 *
 * It sends a message before each step: if a step never finishes, the grader knows which one it was.
 * The asynchronous context of a background error tells which cell or check started it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import type { Executor } from "tslab/dist/executor";
import type { Converter, ConvertResult } from "tslab/dist/converter";
import type { AnyAnswer, Exercise } from "../checks/exercise";
import { exercises } from "../exercises/exercises";
import { runChecks } from "../checks/run-checks";
import { Cells } from "../kernel/cells";
import { setKernel } from "../kernel/kernel";
import { exit, send } from "./channel";
import type { Piece } from "./compile-cells";
import { createExecutor } from "./executor";
import { type ChildVerdict, type ExerciseJob, type JobCell, MARK } from "./ipc";
import { leftovers, openNow } from "./leftovers";
import { cutNetwork } from "./no-network";
import { failure } from "./result";
import { summaryOf } from "./text";

const HEARTBEAT_MS = 250;

/** What runs: the cell with this position, or the checks if it is undefined. */
const origin = new AsyncLocalStorage<{ position?: number }>();
/** Uncaught errors that the checks started. */
const uncaught: string[] = [];

process.once("message", (job: ExerciseJob) => void grade(job));
process.on("unhandledRejection", (reason) =>
  reportUncaught(`a promise was rejected and not awaited: ${summaryOf(reason)}`),
);
process.on("uncaughtException", (error) => {
  if (error !== EXIT) reportUncaught(`an error in a callback was not caught: ${summaryOf(error)}`);
});

/** Thrown by `process.exit`: stops its caller until the grader has received the message. */
const EXIT = new Error("process.exit() ends the kernel");
process.exit = () => {
  void send({ kind: "exit", position: origin.getStore()?.position }).then(exit);
  throw EXIT;
};

setInterval(() => void send({ kind: "heartbeat" }), HEARTBEAT_MS).unref();
void send({ kind: "ready" });

async function grade(job: ExerciseJob): Promise<void> {
  const restoreSockets = cutNetwork();
  const locals = await runCells(job);
  restoreSockets();
  process.stdout.write(MARK);
  process.stderr.write(MARK);
  await send({ kind: "checking" });
  const exercise = (exercises as Record<string, Exercise>)[job.exercise];
  const verdict = await origin.run({}, () => verdictOn(exercise, locals));
  await send({ kind: "verdict", verdict });
}

async function runCells({
  cells,
  sideOutputs,
  standIns,
  exercise,
}: ExerciseJob): Promise<Record<string, unknown>> {
  const kernel = new Kernel(sideOutputs);
  for (const id of standIns) kernel.locals[id] = (exercises as Record<string, Exercise>)[id]?.solution;
  for (const cell of cells) {
    const { position, whole, needs } = cell;
    await send({ kind: "cell", position });
    for (const piece of cell.pieces) {
      if (piece.standInFor === exercise) continue;
      const problem = await origin.run({ position }, () => kernel.run(cell, piece));
      const missing = needs.filter((name) => !whole || kernel.locals[name] === undefined);
      if (problem) await send({ kind: "cellFailed", position, ...problem, missing });
    }
    // Let immediates that this cell has scheduled run before the next cell.
    await turn();
    await turn();
  }
  return kernel.locals;
}

async function verdictOn(exercise: Exercise, locals: Record<string, unknown>): Promise<ChildVerdict> {
  const answer = locals[exercise.id] as AnyAnswer;
  const before = openNow();
  const verdict = await runChecks(exercise, answer);
  const isLibrarySolution = (answer as unknown) === exercise.solution;
  await turn();
  const open = verdict.status === "solved" ? await leftovers(before) : undefined;
  if (uncaught.length > 0) {
    const checks = [failure("no error goes uncaught", uncaught[0]), ...verdict.checks];
    return { status: "crashed", checks, isLibrarySolution };
  }
  if (!open) return { status: verdict.status, checks: [...verdict.checks], isLibrarySolution };
  const left = failure("nothing is left open", `${exercise.id} ${open}`);
  return { status: "failed", checks: [...verdict.checks, left], isLibrarySolution };
}

/**
 * Reports an uncaught error as the checks' or as the cell's that started it; position 0 if neither is known.
 */
function reportUncaught(text: string): void {
  const from = origin.getStore();
  if (from && from.position === undefined) uncaught.push(text);
  else void send({ kind: "cellFailed", position: from?.position ?? 0, text, slow: false, missing: [] });
}

/** The kernel's executor, with a converter that returns what is compiled already. */
class Kernel {
  private readonly executor: Executor;
  /** Named by their position in the notebook: no cell has an execution count here. */
  private readonly cells = new Cells(String);
  private next: ConvertResult = { diagnostics: [] };
  private error: unknown;

  constructor(sideOutputs: ExerciseJob["sideOutputs"]) {
    const convert = (): ConvertResult => {
      const { next } = this;
      return { ...next, sideOutputs: sideOutputs.splice(0) };
    };
    const node = { convert } as unknown as Converter;
    this.executor = createExecutor(
      process.cwd(),
      { node, browser: node, close() {} },
      { log: console.log, error: (error: unknown) => (this.error = error) },
    );
    const { cells } = this;
    setKernel({
      get cells() {
        return cells.all;
      },
      signal: new AbortController().signal,
      placesOf: (error) => cells.placesOf(error),
      // The grader notes uncaught errors itself.
      collectUncaught: async (work) => ({ result: await work(), uncaught: [] }),
    });
  }

  get locals(): Record<string, unknown> {
    return this.executor.locals;
  }

  /** Runs a piece of a cell. Resolves to what went wrong, if anything did. */
  async run(
    { position, source, limitMs }: JobCell,
    { lines, ...piece }: Piece,
  ): Promise<{ text: string; slow: boolean } | undefined> {
    const cell = this.cells.begin(position, source);
    const output = this.cells.nameScript(piece.output ?? "", (line) => {
      const source = lines[line - 1];
      return source ? { line: source, column: 1 } : undefined;
    });
    this.next = { ...piece, output, diagnostics: [] };
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      this.executor.interrupt();
    }, limitMs);
    const succeeded = await this.executor.execute("");
    clearTimeout(timer);
    cell.status = succeeded ? "done" : "failed";
    if (succeeded) return undefined;
    return { slow, text: slow ? `took longer than ${limitMs / 1000} s` : summaryOf(this.error) };
  }
}
