/** Compiles notebooks in a child process: the grader's side of compile-process.ts. */
import { Child, type Limits } from "./child";
import type { CompiledCell, CompiledNotebook } from "./between/compiled";
import type { CompileJob } from "./compile-cells";
import type { CompileRequest } from "./ipc";

/** A cell takes some 50 ms to compile, but a recursive type can keep the compiler busy for ever. */
const LIMITS: Limits = { silenceMs: 20_000, totalMs: 300_000 };

/** The problem of a cell that keeps the compiler busy beyond the time limit. */
export const NEVER_FINISHED = "compiling it never finished: simplify its types";

/** Processes that were started ahead, by their folder. */
const ahead = new Map<string, Child>();

/** Starts the process that will compile a folder's notebooks: it loads TypeScript meanwhile. */
export function startAhead(folder: string): void {
  if (!ahead.has(folder)) ahead.set(folder, start(folder));
}

function start(folder: string): Child {
  return new Child("compile-process.js", folder);
}

/** Returns the process that was started ahead for a folder, or starts one. */
function take(folder: string): Child {
  const child = ahead.get(folder) ?? start(folder);
  ahead.delete(folder);
  return child;
}

/** Compiles notebooks of one folder, one after the other, in a child process. */
export class Compiler {
  private child: Child | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  /** @param store A file that has what was compiled before, and gets what is compiled. */
  constructor(
    private readonly folder: string,
    private readonly store?: string,
  ) {}

  /**
   * Compiles a notebook's cells.
   *
   * A cell that keeps the compiler busy beyond the time limit gets a `problem`, and the others are compiled
   * without it.
   */
  compile(job: CompileJob): Promise<CompiledNotebook> {
    const compiled = this.queue.then(() => this.compileExcept(job, []));
    this.queue = compiled.catch(() => {});
    return compiled;
  }

  /** Ends the child process. */
  end(): void {
    this.child?.end();
    this.child = undefined;
  }

  private async compileExcept(job: CompileJob, skipped: CompiledCell[]): Promise<CompiledNotebook> {
    this.child ??= take(this.folder);
    const cells = job.cells.filter(({ position }) => !skipped.some((cell) => cell.position === position));
    let at = 0;
    const request: CompileRequest = { ...job, cells, store: this.store };
    const outcome = await this.child.ask(request, LIMITS, (message) => {
      if (message.kind === "starting") at = 0;
      if (message.kind === "cell") at = message.position;
      return message.kind === "compiled" ? message.notebook : undefined;
    });
    if (outcome.kind === "answer") {
      const all = [...outcome.answer.cells, ...skipped].sort((a, b) => a.position - b.position);
      return { ...outcome.answer, cells: all };
    }
    const { output } = this.child;
    this.end();
    if (at === 0) throw new Error(`the kernel's compiler does not start: ${output.trim() || outcome.kind}`);
    const problem = NEVER_FINISHED;
    const cell = job.cells.find(({ position }) => position === at)!;
    const empty = { declares: [], neededBy: {}, uses: [], standIns: [], pieces: [] };
    return this.compileExcept(job, [...skipped, { ...cell, ...empty, problem }]);
  }
}
