/**
 * Runs cells, one after the other, on tslab's executor.
 *
 * tslab prints what a cell throws and what its last expression is; here both come back as values, with the places in
 * the cells that an error passed through. Each cell has an `AbortSignal`, which the interrupt button aborts.
 */
import { setMaxListeners } from "node:events";
import type { Converter, Diagnostic } from "tslab/dist/converter";
import { createExecutor, type Executor } from "tslab/dist/executor";
import { Cells } from "./cells";
import { placesIn } from "./compiler";
import { type ErrorReport, reportDiagnostics, reportError, showErrorsByTheirLines } from "./error-report";
import { Interrupted, isInterrupt } from "./interrupt";
import { type Kernel, setKernel } from "./kernel";
import { UncaughtErrors } from "./uncaught-errors";

/** What became of a cell. `value` is that of its last expression. */
type CellOutcome = { value: unknown } | { error: ErrorReport };

export class CellRunner {
  private readonly executor: Executor;
  private readonly cells = new Cells();
  private controller = newController();
  /** What the executor has logged of the cell that runs. */
  private value: unknown;
  private thrown: { error: unknown } | undefined;
  private diagnostics: readonly Diagnostic[] = [];

  constructor(folder: string, converter: Converter) {
    const node = { ...converter, convert: this.convertWith(converter) };
    const converters = { node, browser: node, close: () => converter.close() };
    this.executor = createExecutor(folder, converters, {
      log: (value: unknown) => (this.value = value),
      error: (error: unknown) => (this.thrown ??= { error }),
    });
    const uncaught = new UncaughtErrors((error) => this.printUncaught(error));
    setKernel(this.kernel(uncaught));
    showErrorsByTheirLines(this.cells);
  }

  /** Runs a cell to its end. Never rejects. */
  async run(number: number, source: string): Promise<CellOutcome> {
    const cell = this.cells.begin(number, source);
    if (this.controller.signal.aborted) this.controller = newController();
    this.value = this.thrown = undefined;
    this.diagnostics = [];
    const isDone = await this.executor.execute(source).catch((error: unknown) => {
      this.thrown = { error };
      return false;
    });
    if (isDone) {
      cell.status = "done";
      return { value: this.value };
    }
    cell.status = this.diagnostics.length > 0 ? "not compiled" : "failed";
    return { error: this.reportFailure(source) };
  }

  /** Interrupts the cell that runs: its signal is aborted, and it is over if it awaits something. */
  interrupt(): void {
    this.controller.abort(new Interrupted());
    this.executor.interrupt();
  }

  /** Prints an error that no cell has caught. */
  private printUncaught(thrown: unknown): void {
    // A wait of an interrupted cell that nobody awaited.
    if (isInterrupt(thrown)) return;
    console.error(reportError(thrown, this.cells).traceback.join("\n"));
  }

  inspect(code: string, position: number): ReturnType<Executor["inspect"]> {
    return this.executor.inspect(code, position);
  }

  complete(code: string, position: number): ReturnType<Executor["complete"]> {
    return this.executor.complete(code, position);
  }

  close(): void {
    this.executor.close();
  }

  private reportFailure(source: string): ErrorReport {
    if (this.diagnostics.length > 0) return reportDiagnostics(this.diagnostics, source, this.cells.all);
    return reportError(this.thrown?.error, this.cells);
  }

  /** Compiles as the converter does, and notes what is wrong and where the JavaScript came from. */
  private convertWith(converter: Converter): Converter["convert"] {
    return (declarations, source) => {
      const converted = converter.convert(declarations, source);
      this.diagnostics = converted.diagnostics;
      const { output } = converted;
      if (!output) return converted;
      return { ...converted, output: this.cells.nameScript(output, placesIn(output)) };
    };
  }

  private kernel(uncaught: UncaughtErrors): Kernel {
    const current = (): AbortSignal => this.controller.signal;
    const { cells } = this;
    return {
      get cells() {
        return cells.all;
      },
      get signal() {
        return current();
      },
      placesOf: (error) => cells.placesOf(error),
      collectUncaught: (work) => uncaught.collect(work),
    };
  }
}

/** Returns a controller for a cell: any number of lists and sockets may stop with it, which is no leak to warn of. */
function newController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
