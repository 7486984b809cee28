/** Stops a crawl: one signal ends it with a summary, a second one ends the process at once. */
import { stopSignal } from "../cli/failure";

export const INTERRUPTED = 130;
/**
 * Signals within this time, in milliseconds, count as one: npm forwards a Ctrl-C that the terminal has
 * already sent to this process.
 */
const SECOND_AFTER_MS = 250;

/**
 * Returns a signal that is aborted when this process is asked to stop.
 *
 * A second request ends the process.
 */
export function stopOrEndSignal(): AbortSignal {
  const signal = stopSignal();
  let firstAt: number | undefined;
  const endIfSecond = () => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > SECOND_AFTER_MS) process.exit(INTERRUPTED);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, endIfSecond);
  return signal;
}

/** Resolves as `work` does. Rejects with an AbortError if `signal` is aborted first. */
export async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const stopped = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );
  return Promise.race([work, stopped]);
}
