/** `threadFrom`: starts a thread from TypeScript in a cell. */
import { onInterrupt } from "../../kernel/interrupt";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread that runs `source`: TypeScript, which may import packages. Types are not checked.
 *
 * `options` are those of Node.js's `Worker`, for example `name` and `workerData`. The thread ends when the cell is
 * interrupted.
 */
export function threadFrom(source: string, options: WorkerOptions = {}): Worker {
  const thread = new Worker(toJavaScript(source), { execArgv: [], ...options, eval: true });
  thread.once(
    "exit",
    onInterrupt(() => void thread.terminate()),
  );
  return thread;
}

function toJavaScript(source: string): string {
  // Loaded here, because it is large and most notebooks need no thread.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ModuleKind, ScriptTarget, transpile } = require("typescript") as typeof import("typescript");
  return transpile(source, { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 });
}
