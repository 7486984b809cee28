/**
 * What threads and processes have in common: a worker, seen from the program that started it.
 *
 * A worker receives messages, sends messages and exits: because it was ended, or because it died.
 * threads.ts and processes.ts implement it with Node.js; supervised-worker.ts and crawl-pool.ts work with
 * either.
 */
import { requirePositiveInteger } from "../util/numbers";

export interface WorkerHandle {
  /** Sends a message, which is copied. After the worker's exit it does nothing. */
  send(message: unknown): void;
  /** Ends the worker at once, whatever it is doing. Resolves when the worker has exited. */
  end(): Promise<void>;
}

interface WorkerListener {
  onMessage(message: unknown): void;
  /** Called once, after the last message. `reason` is an error's message, or e.g. `exit code 1`. */
  onExit(reason: string): void;
}

/** Starts a worker that runs a compiled file. */
export type SpawnWorker = (file: string, name: string, listener: WorkerListener) => WorkerHandle;

/**
 * Returns how many workers to start: `count`, but no more than there are tasks.
 *
 * @throws RangeError unless `count` is an integer from 1 up. `what` names the argument in the message.
 */
export function workerCount(what: string, count: number, tasks: number): number {
  return Math.min(requirePositiveInteger(what, count), tasks);
}
