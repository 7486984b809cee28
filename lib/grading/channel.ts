/** A child's end of the line to the grader. To import it is to claim it: what the cells run cannot use it. */
import type { Message } from "./ipc";

const send = process.send?.bind(process);
delete process.send;

const { reallyExit } = process as unknown as { reallyExit(code: number): never };
process.on("disconnect", () => reallyExit.call(process, 0));

/** Sends a message to the grader, and waits until it is on its way: what comes next may block this process. */
export function tell(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (send) send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Ends this process, whatever the cells have made of `process.exit`. */
export function leave(): never {
  return reallyExit.call(process, 0);
}
