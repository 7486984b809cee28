/**
 * What threads and processes have in common: a member of a team, seen from the side that has started it.
 *
 * A member hears messages, sends messages, and at some time is gone: because it was ended, or because it
 * died. threads.ts and processes.ts make one of what Node.js has; seat.ts and team.ts work with either.
 */
import { requirePositiveInteger } from "../util/numbers";

export interface WorkerHandle {
  /** Sends a message, which is copied. To one that is gone it goes nowhere. */
  send(message: unknown): void;
  /** Ends it at once, whatever it is doing. Resolves when it is gone. */
  end(): Promise<void>;
}

/** Who listens to a member. */
export interface WorkerListener {
  onMessage(message: unknown): void;
  /** Called once, after the last message. `how` says what came of it: `exit code 1`. */
  onExit(how: string): void;
}

/** Starts a member that runs a compiled file. */
export type SpawnWorker = (file: string, name: string, listener: WorkerListener) => WorkerHandle;

/** How many members there is work for. Throws a RangeError unless `asked` is an integer from 1 and up. */
export function workerCount(what: string, asked: number, jobs: number): number {
  return Math.min(requirePositiveInteger(what, asked), jobs);
}
