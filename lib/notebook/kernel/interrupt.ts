/**
 * Makes the interrupt button stop work that a cell awaits.
 *
 * On an interrupt tslab ends an awaiting cell, but the work that it awaits goes on. JavaScript cannot
 * stop a promise from outside, so the work itself has to watch a signal. This module provides it.
 */
import { setMaxListeners } from "node:events";
import { kernelGlobals } from "../../checks/kernel-globals";

let controller = newController();
let listening = false;

/** Returns a signal that the next press of the interrupt button aborts. Outside of a kernel nothing does. */
export function interruptSignal(): AbortSignal {
  if (!listening && kernelGlobals()) {
    listening = true;
    // Not at once: tslab runs a cell with `breakOnSigint`, and Node.js restores the signal handling of
    // before when the cell's synchronous part ends. A first listener that was added during that part
    // would not receive the signal, and the button would end the kernel.
    setImmediate(() => process.on("SIGINT", interrupt));
  }
  return controller.signal;
}

/** Aborts the signals that were given out, and prepares a new one. */
function interrupt(): void {
  const pressed = controller;
  controller = newController();
  pressed.abort();
}

/** Creates a controller whose signal may have any number of listeners: many stoppable lists are no leak. */
function newController(): AbortController {
  const fresh = new AbortController();
  setMaxListeners(0, fresh.signal);
  return fresh;
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
