/** The worker's end of the line to whoever has started it: the same for a thread and a process. */
import { parentPort } from "node:worker_threads";
import { now } from "../../util/clock";

/** Sends a message to the main program. */
export function postMessage(message: unknown): void {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
}

/** Calls `hear` with each message of the main program. A process whose main program is gone ends; ^C is the main program's to deal with. */
export function onMessage(hear: (message: unknown) => void): void {
  if (parentPort) {
    parentPort.on("message", hear);
    return;
  }
  process.on("message", hear);
  process.on("disconnect", () => process.exit());
  process.on("SIGINT", () => {});
}

/** Answers each question with what `work` makes of it, and when it began and ended. */
export function handleRequests<Question>(work: (question: Question) => unknown): void {
  onMessage((question) => void answer(question as Question, work));
}

async function answer<Question>(question: Question, work: (question: Question) => unknown): Promise<void> {
  const startedAt = now();
  const value = await work(question);
  postMessage({ value, startedAt, endedAt: now() });
}
