/**
 * How a command of the course ends: with what it did, with one sentence on why it could not, or
 * because it was told to stop.
 */
import colours from "picocolors";

/** Something the user can do something about. Its message is one sentence that says what. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Runs a command, and sets the exit code: 1 with the sentence of a `Failure`, 130 when it was interrupted. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof Failure) console.error(colours.red(error.message));
    else if ((error as Error)?.name === "AbortError") console.error("Stopped.");
    else console.error(error);
    process.exitCode = (error as Error)?.name === "AbortError" ? 130 : 1;
  }
}

/** A signal that is aborted when this process is asked to stop: by Ctrl-C, by `kill`, by a terminal that closes, or by the end of the npm that started it. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  if (process.env.npm_lifecycle_event) whenParentEnds(stop);
  return controller.signal;
}

/** npm passes on SIGINT and SIGTERM, but nothing is passed on by an npm that is killed. */
function whenParentEnds(stop: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), 1000).unref();
}
