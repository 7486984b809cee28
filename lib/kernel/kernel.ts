/**
 * What a notebook's kernel offers to the library, when the library runs in one.
 *
 * The kernel and the library may be two copies of the same files, so what they share hangs on `globalThis`, beside
 * what tslab puts there (https://github.com/yunabe/tslab, `src/executor.ts`).
 */

/** A cell that was run, or is running. */
export interface Cell {
  /** Its execution count; in the grader its position in the notebook. */
  readonly number: number;
  /** The same as it is shown: `[12]`. */
  readonly name: string;
  /** The TypeScript, as it was written. */
  readonly source: string;
  /** What became of it so far. */
  status: "running" | "done" | "failed" | "not compiled";
}

/** A place in a cell; lines are counted from 1. */
export interface CellPlace {
  cell: Cell;
  line: number;
  /** The line's text, without the space around it. */
  text: string;
  /** The function that it stands in, unless it is the cell's top level. */
  functionName?: string;
}

/** What was thrown, and where it surfaced: out of a callback or out of a promise. */
export interface UncaughtError {
  error: unknown;
  origin: "callback" | "promise";
}

/** What work resolved to, and the errors that it left uncaught. */
export interface Collected<T> {
  result: T;
  uncaught: UncaughtError[];
}

/** The kernel that this process is. */
export interface Kernel {
  /** The cells that were run, the newest last. At most some hundreds are kept. */
  readonly cells: readonly Cell[];
  /** Aborted when the cell that runs now is interrupted. Between cells it belongs to the next one. */
  readonly signal: AbortSignal;
  /** Returns the places in cells that an error passed through, the innermost first. */
  placesOf(error: Error): CellPlace[];
  /** Runs work whose uncaught errors are not printed under the cell, but given to who asks. */
  collectUncaught<T>(work: () => Promise<T>): Promise<Collected<T>>;
}

/** What tslab's executor puts on `globalThis`, and the kernel of this course beside it. */
export interface KernelGlobals {
  /** The names that the notebook's cells have declared. */
  exports: Record<string, unknown>;
  kernel?: Kernel;
}

/** Returns the names of the notebook that this process runs; undefined outside of a kernel. */
export function kernelGlobals(): KernelGlobals | undefined {
  return (globalThis as { __tslab__?: KernelGlobals }).__tslab__;
}

/** Returns the kernel that this process is, or the grader's in place of one; undefined in scripts and tests. */
export function kernel(): Kernel | undefined {
  return kernelGlobals()?.kernel;
}

/** Makes this process a kernel, once tslab's executor is there. */
export function setKernel(kernel: Kernel): void {
  kernelGlobals()!.kernel = kernel;
}
