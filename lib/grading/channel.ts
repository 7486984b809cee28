/** A child's end of the line to the grader. To import it is to claim it: what the cells run cannot use it. */
import type { ChildMessage } from "./ipc";

const sendMessage = process.send?.bind(process);
delete process.send;

const { reallyExit } = process as unknown as { reallyExit(code: number): never };
process.on("disconnect", () => reallyExit.call(process, 0));

/** Sends a message to the grader, and waits until it is on its way: what comes next may block this process. */
export function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (sendMessage) sendMessage(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Ends this process, whatever the cells have made of `process.exit`. */
export function exit(): never {
  return reallyExit.call(process, 0);
}
