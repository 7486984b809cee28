/**
 * The TypeScript of the cells that have run, as they were written.
 *
 * What runs of a cell is JavaScript, without types and comments. The kernel is handed the source in
 * `handleExecuteImpl` (https://github.com/yunabe/tslab, `src/jupyter.ts`) and keeps it nowhere, so we
 * listen there, from the cell on that follows the one with our import.
 */
import { kernelGlobals } from "../../checks/kernel-globals";

/** How many are kept, the newest of them: more than a lesson has cells. */
const KEPT = 500;

interface Handler {
  handleExecuteImpl(request: { code: string }, ...rest: unknown[]): Promise<unknown>;
}

const sources: string[] = [];

/** Begins to keep the sources of cells, if we are in a kernel whose inside is as we know it. */
export function keepCellSources(): void {
  const handler = kernelGlobals() && kernelHandler();
  if (typeof handler?.handleExecuteImpl !== "function") return;
  const execute = handler.handleExecuteImpl;
  handler.handleExecuteImpl = function (request, ...rest) {
    sources.push(String(request.code));
    if (sources.length > KEPT) sources.shift();
    return execute.call(this, request, ...rest);
  };
}

/** The sources of the cells that have run, the newest first. */
export function cellSources(): string[] {
  return [...sources].reverse();
}

/** The class that runs cells: of the kernel that we are in, which need not be the one that we would load ourselves. */
function kernelHandler(): Handler | undefined {
  const file = Object.keys(require.cache).find((name) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name));
  const kernel = file && (require.cache[file]?.exports as { JupyterHandlerImpl?: { prototype: Handler } });
  return kernel ? kernel.JupyterHandlerImpl?.prototype : undefined;
}
