/**
 * Lets the interrupt button stop work that a cell awaits.
 *
 * JavaScript cannot stop a promise from outside, so the work itself has to watch a signal: the kernel has one for
 * the cell that runs.
 */
import { kernel } from "../../kernel/kernel";

const neverAborted = new AbortController().signal;

/** Returns the signal that the interrupt button aborts while this cell runs. Outside of a kernel nothing does. */
export function interruptSignal(): AbortSignal {
  return kernel()?.signal ?? neverAborted;
}

/**
 * Returns a copy of a list that is emptied when the interrupt button is pressed.
 *
 * A loop over the copy ends after the step it is in.
 */
export function stoppable<T>(items: readonly T[], signal: AbortSignal = interruptSignal()): T[] {
  const copy = [...items];
  signal.addEventListener("abort", () => (copy.length = 0), { once: true });
  return copy;
}
