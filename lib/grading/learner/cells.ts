/** The kernel's executor, for cells that are compiled already. */
import type { ConvertResult, Converter } from "tslab/dist/converter";
import type { Executor } from "tslab/dist/executor";
import { Cells } from "../../kernel/cells";
import { setKernel } from "../../kernel/kernel";
import type { Piece } from "../between/compiled";
import type { JobCell, LearnerJob } from "../between/messages";
import { createExecutor } from "./executor";
import { deferImports } from "./imports";
import { summaryOf } from "../text";

export class CellKernel {
  /** Named by their position in the notebook: no cell has an execution count here. */
  readonly cells = new Cells(String);
  private readonly executor: Executor;
  private next: ConvertResult = { diagnostics: [] };
  private error: unknown;

  constructor(sideOutputs: LearnerJob["sideOutputs"]) {
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
    deferImports(this.executor.locals);
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

  /** Loads what names of the library that were imported stand for: what the answers use is there before they run. */
  finishImports(names: readonly string[]): void {
    for (const name of names) void this.locals[name];
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
