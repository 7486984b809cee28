/** How a crawl is told to stop: Ctrl-C, `kill`, a terminal that closes, or the end of whoever started it. */
import { endWithParent } from "../end-with-parent";

export const INTERRUPTED = 130;
/** npm passes on the Ctrl-C that the terminal has given us already: what comes so soon is no second one. */
const SECOND_AFTER_MS = 250;

/** A signal that the first of these aborts. The second ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const stop = () => {
    firstAt ??= performance.now();
    controller.abort();
    if (performance.now() - firstAt > SECOND_AFTER_MS) process.exit(INTERRUPTED);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  endWithParent(() => controller.abort());
  return controller.signal;
}

/** What `work` gives, unless `signal` is aborted before: then it rejects with an AbortError. */
export async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const stopped = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );
  return Promise.race([work, stopped]);
}
