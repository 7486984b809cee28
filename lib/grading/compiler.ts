/** The grader's side of the process that compiles. */
import { Child, type Limits } from "./child";
import type { CompiledCell, CompiledNotebook, SourceCell } from "./compile-cells";

/** Types can be programs that never end; a cell takes some 50 ms else. */
const LIMITS: Limits = { silenceMs: 20_000, totalMs: 300_000 };

/** Compiles notebooks of one folder, one after the other, in a process of their own. */
export class Compiler {
  private child: Child | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** What a notebook's cells compile to. A cell that the compiler never comes back from has a `problem`. */
  compile(cells: SourceCell[]): Promise<CompiledNotebook> {
    const compiled = this.queue.then(() => this.compileWithout(cells, []));
    this.queue = compiled.catch(() => {});
    return compiled;
  }

  end(): void {
    this.child?.end();
    this.child = undefined;
  }

  private async compileWithout(cells: SourceCell[], hopeless: CompiledCell[]): Promise<CompiledNotebook> {
    this.child ??= new Child("compile-process.js", this.folder);
    const rest = cells.filter(({ position }) => !hopeless.some((cell) => cell.position === position));
    let at = 0;
    const outcome = await this.child.ask(rest, LIMITS, (message) => {
      if (message.kind === "cell") at = message.position;
      return message.kind === "compiled" ? message.notebook : undefined;
    });
    if (outcome.kind === "answer") {
      const all = [...outcome.answer.cells, ...hopeless].sort((a, b) => a.position - b.position);
      return { ...outcome.answer, cells: all };
    }
    const { output } = this.child;
    this.end();
    if (at === 0) throw new Error(`the kernel's compiler does not start: ${output.trim() || outcome.kind}`);
    const problem = "the compiler never came back from it: simplify its types";
    return this.compileWithout(cells, [
      ...hopeless,
      { position: at, declares: [], standIns: [], pieces: [], problem },
    ]);
  }
}
