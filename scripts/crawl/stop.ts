/** How a crawl is told to stop: once to end it with what there is, twice to end it at once. */
import { stopSignal } from "../cli/failure";

export const INTERRUPTED = 130;
/** npm passes on the Ctrl-C that the terminal has given us already: what comes so soon is no second one. */
const SECOND_AFTER_MS = 250;

/** A signal that is aborted when this process is asked to stop. When it is asked a second time, the process ends. */
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

/** What `work` gives, unless `signal` is aborted before: then it rejects with an AbortError. */
export async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const stopped = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );
  return Promise.race([work, stopped]);
}
