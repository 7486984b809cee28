/**
 * Ends what the library waits for when the cell is interrupted.
 *
 * All waits share one listener on the kernel's signal, so ten thousand visits cost ten thousand entries in a set
 * while they last, and leave nothing behind.
 */
import { kernel } from "./kernel";

/** What an interrupted wait rejects with. It has the name that errors of aborted signals have. */
export class Interrupted extends Error {
  override readonly name = "AbortError";

  constructor() {
    super("the cell was interrupted");
  }

  /** Tells it from other errors. The kernel and the library may each have a copy of this class. */
  get isInterrupt(): true {
    return true;
  }
}

/** Returns whether an error says that the cell was interrupted. */
export function isInterrupt(error: unknown): boolean {
  return error instanceof Error && (error as Partial<Interrupted>).isInterrupt === true;
}

type Stop = (reason: Error) => void;

/**
 * So many waits that begin after the interrupt end at once, before a socket has called anybody. Then the event loop
 * has a turn: code that tries again and again would never let it have one.
 */
const AT_ONCE = 1000;

const stops = new Set<Stop>();
let watched: AbortSignal | undefined;
let lateWaits = 0;

/**
 * Calls `stop` once if the cell is interrupted, or was interrupted already. Outside of a kernel nothing calls it.
 *
 * @returns a function that takes this back.
 */
export function onInterrupt(stop: Stop): () => void {
  const signal = kernel()?.signal;
  if (!signal) return () => {};
  if (signal.aborted) return stopLateWait(stop, signal.reason as Error);
  if (signal !== watched) watch(signal);
  stops.add(stop);
  return () => stops.delete(stop);
}

/**
 * Waits for what `run` returns, at most `ms` milliseconds.
 *
 * @throws what `late` returns if that takes longer, or the signal's reason if the cell is interrupted.
 */
export async function withLimit<T>(ms: number, late: () => Error, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let forget = (): void => {};
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
    forget = onInterrupt(reject);
  });
  try {
    return await Promise.race([end, run()]);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

function watch(signal: AbortSignal): void {
  watched = signal;
  const stopAll = (): void => {
    const all = [...stops];
    stops.clear();
    for (const stop of all) stop(signal.reason as Error);
  };
  signal.addEventListener("abort", stopAll, { once: true });
}

function stopLateWait(stop: Stop, reason: Error): () => void {
  if (++lateWaits % AT_ONCE > 0) {
    stop(reason);
    return () => {};
  }
  const immediate = setImmediate(stop, reason);
  return () => clearImmediate(immediate);
}
