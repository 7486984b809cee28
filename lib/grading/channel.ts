/**
 * The child's channel to the grader.
 *
 * Importing this module removes `process.send`, so that notebook code cannot send messages to the grader.
 * The child ends with the grader: when the channel closes, the process exits.
 */
import type { ChildMessage } from "./ipc";

const sendMessage = process.send?.bind(process);
delete process.send;

const { reallyExit } = process as unknown as { reallyExit(code: number): never };
process.on("disconnect", () => reallyExit.call(process, 0));

/**
 * Sends a message to the grader.
 *
 * Resolves once the message is written: the code that runs next may block this process.
 */
export function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (sendMessage) sendMessage(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Ends this process, even if notebook code has replaced `process.exit`. */
export function exit(): never {
  return reallyExit.call(process, 0);
}
