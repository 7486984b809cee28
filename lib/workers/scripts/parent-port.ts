/**
 * Messages between a worker and the program that started it: the same functions for a thread and a process.
 */
import { parentPort } from "node:worker_threads";
import { now } from "../../util/clock";

/** Sends a message to the main program. */
export function postMessage(message: unknown): void {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
}

/**
 * Calls `listener` with each message of the main program.
 *
 * A process exits when its main program has. It ignores Ctrl-C, which a terminal sends to all processes:
 * the main program decides what to do then.
 */
export function onMessage(listener: (message: unknown) => void): void {
  if (parentPort) {
    parentPort.on("message", listener);
    return;
  }
  process.on("message", listener);
  process.on("disconnect", () => process.exit());
  process.on("SIGINT", () => {});
}

/** Answers each message with the result of `handle`, and when it started and ended. */
export function handleRequests<Request>(handle: (request: Request) => unknown): void {
  onMessage((request) => void answer(request as Request, handle));
}

async function answer<Request>(request: Request, handle: (request: Request) => unknown): Promise<void> {
  const startedAt = now();
  const value = await handle(request);
  postMessage({ value, startedAt, endedAt: now() });
}
