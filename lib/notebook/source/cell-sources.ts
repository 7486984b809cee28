/**
 * Keeps the TypeScript of the cells that have run, as the learner wrote it.
 *
 * The kernel runs JavaScript, without types and comments. It receives the source in
 * `handleExecuteImpl` (https://github.com/yunabe/tslab, `src/jupyter.ts`) and does not keep it. So we
 * wrap that method, which records every cell after the one that imported the library.
 */
import { kernelGlobals } from "../../checks/kernel-globals";
import { isBrokenCell, runningCell } from "../kernel/cell-watch";

/** How many sources are kept: more than a lesson has cells. */
const MAX_SOURCES = 500;

interface Handler {
  handleExecuteImpl(request: { code: string }, ...rest: unknown[]): Promise<unknown>;
}

/** The newest last. `cell` is its number (cell-watch.ts). */
const sources: { cell: number; source: string }[] = [];

/** Starts to keep the sources of cells, if this process is a kernel that has `handleExecuteImpl`. */
export function keepCellSources(): void {
  const handler = kernelGlobals() && kernelHandler();
  if (typeof handler?.handleExecuteImpl !== "function") return;
  const execute = handler.handleExecuteImpl;
  handler.handleExecuteImpl = function (request, ...rest) {
    sources.push({ cell: runningCell() + 1, source: String(request.code) }); // counted while it executes
    if (sources.length > MAX_SOURCES) sources.shift();
    return execute.call(this, request, ...rest);
  };
}

/**
 * Returns the sources of the cells that compiled, the newest first.
 *
 * A cell that failed while it ran is one of them, because its function declarations have replaced older ones.
 */
export function compiledSources(): string[] {
  return sources
    .filter(({ cell }) => !isBrokenCell(cell))
    .map(({ source }) => source)
    .reverse();
}

/**
 * Returns the prototype of the class that runs cells.
 *
 * It is taken from the modules of the running kernel, which need not be the tslab that this package
 * would load.
 */
function kernelHandler(): Handler | undefined {
  const file = Object.keys(require.cache).find((name) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name));
  const kernel = file && (require.cache[file]?.exports as { JupyterHandlerImpl?: { prototype: Handler } });
  return kernel ? kernel.JupyterHandlerImpl?.prototype : undefined;
}
