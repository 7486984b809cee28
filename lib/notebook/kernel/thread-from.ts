/** `threadFrom`: a thread whose code is TypeScript that stands in a cell. */
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread that runs `source`, which is TypeScript and may import packages. `name` and
 * `workerData` as Node.js's `Worker` has them. Types are not checked.
 */
export function threadFrom(source: string, options: WorkerOptions = {}): Worker {
  return new Worker(javaScriptOf(source), { execArgv: [], ...options, eval: true });
}

function javaScriptOf(source: string): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ModuleKind, ScriptTarget, transpile } = require("typescript") as typeof import("typescript"); // large, and needed here alone
  return transpile(source, { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 });
}
