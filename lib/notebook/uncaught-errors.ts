/**
 * Errors that an answer throws where nobody can catch them: in a callback, as an `error` event
 * without a listener, in a promise that is not awaited.
 *
 * In a notebook each of them would print a stack; a check tells of them in one line instead. Whose
 * they are is known by the asynchronous context that they come from: those of other cells go where
 * they went before.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";

/** What was thrown, and how it came out. */
export interface UncaughtError {
  error: unknown;
  origin: "callback" | "promise";
}

const EVENTS = { uncaughtException: "callback", unhandledRejection: "promise" } as const;

const scope = new AsyncLocalStorage<UncaughtError[]>();

/** How many works are listened to: the first puts our listeners in place, the last takes them away. */
let listening = 0;
let stop: (() => void)[] = [];

/** What `work` gives, and the errors that it has left unheard. */
export async function collectUncaughtErrors<T>(
  work: () => Promise<T>,
): Promise<{ result: T; uncaught: UncaughtError[] }> {
  const uncaught: UncaughtError[] = [];
  if (listening++ === 0) stop = Object.entries(EVENTS).map(([event, origin]) => takeOver(event, origin));
  try {
    const result = await scope.run(uncaught, work);
    await turn(); // a promise counts as unheard when the turn in which it failed is over
    return { result, uncaught };
  } finally {
    if (--listening === 0) stop.forEach((restore) => restore());
  }
}

/** Puts our listener in the place of those there are; gives the function that puts them back. */
function takeOver(event: string, origin: UncaughtError["origin"]): () => void {
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
