/**
 * Collects errors that an answer throws where no caller can catch them: in a callback, as an `error`
 * event without a listener, in a promise that is not awaited.
 *
 * In a notebook each of them would print a stack. A check reports them in one line instead. The
 * asynchronous context (`AsyncLocalStorage`) tells which work an error comes from: errors of other
 * cells go to the listeners that were there before.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";

/** What was thrown, and where it surfaced: out of a callback or out of a promise. */
export interface UncaughtError {
  error: unknown;
  origin: "callback" | "promise";
}

const EVENTS = { uncaughtException: "callback", unhandledRejection: "promise" } as const;

const scope = new AsyncLocalStorage<UncaughtError[]>();

/** How many calls are running. The first one installs our listeners, and the last one removes them. */
let running = 0;
let restoreListeners: (() => void)[] = [];

/** Runs `work`, and resolves to its result and the errors that it left uncaught. */
export async function collectUncaughtErrors<T>(
  work: () => Promise<T>,
): Promise<{ result: T; uncaught: UncaughtError[] }> {
  const uncaught: UncaughtError[] = [];
  if (running++ === 0) {
    restoreListeners = Object.entries(EVENTS).map(([event, origin]) => replaceListeners(event, origin));
  }
  try {
    const result = await scope.run(uncaught, work);
    await turn(); // Node.js reports a rejection as unhandled at the end of its turn
    return { result, uncaught };
  } finally {
    if (--running === 0) restoreListeners.forEach((restore) => restore());
  }
}

/** Replaces the listeners of an event with ours. Returns the function that restores them. */
function replaceListeners(event: string, origin: UncaughtError["origin"]): () => void {
  const others = process.listeners(event as "uncaughtException");
  const listener = (error: Error, detail: NodeJS.UncaughtExceptionOrigin) => {
    const list = scope.getStore();
    if (list) list.push({ error, origin });
    else others.forEach((other) => other(error, detail));
  };
  process.removeAllListeners(event).on(event, listener);
  return () => {
    process.off(event, listener);
    others.forEach((other) => process.on(event, other));
  };
}
