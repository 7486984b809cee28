/** Ends of commands: exit codes, errors in one sentence, and requests to stop. */
import { UsageError } from "@course/lib/util";
import colours from "picocolors";
import { endWithParent } from "./end-with-parent";

/** An error that the user can fix. Its message is one sentence that says how. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/**
 * Runs a command, and prints its error if it fails.
 *
 * Sets the exit code: 1 after an error, 2 after a UsageError, 130 after an interrupt.
 */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof Failure || error instanceof UsageError) console.error(colours.red(error.message));
    else if (isAbort(error)) console.error("Stopped.");
    else console.error(error);
    process.exitCode = isAbort(error) ? 130 : error instanceof UsageError ? 2 : 1;
  }
}

function isAbort(error: unknown): boolean {
  return (error as Error)?.name === "AbortError";
}

/**
 * Returns a signal that is aborted when this process is asked to stop.
 *
 * Ctrl-C, `kill`, a closed terminal, and the end of the npm that started it count as such.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  // npm forwards SIGINT and SIGTERM, but a killed npm forwards nothing.
  if (process.env.npm_lifecycle_event) endWithParent(stop);
  return controller.signal;
}
