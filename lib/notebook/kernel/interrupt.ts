/**
 * The interrupt button, for work that a cell awaits.
 *
 * On an interrupt tslab abandons an awaiting cell: the cell is over, and its work goes on behind
 * it. JavaScript cannot end a promise from outside, so the work itself has to listen. These
 * functions let it.
 */
import { setMaxListeners } from "node:events";
import { kernelGlobals } from "../../checks/kernel-globals";

let controller = newController();
let listening = false;

/** A signal that the next press of the interrupt button aborts. Outside of a kernel nothing aborts it. */
export function interruptSignal(): AbortSignal {
  if (!listening && kernelGlobals()) {
    listening = true;
    // Not at once: tslab runs a cell with `breakOnSigint`, and when its synchronous part ends, Node.js
    // puts back the signal handling it found before. A first listener added meanwhile would be cut off
    // from the signal, and the button would then end the kernel.
    setImmediate(() => process.on("SIGINT", interrupt));
  }
  return controller.signal;
}

/** What the interrupt button does. */
export function interrupt(): void {
  const pressed = controller;
  controller = newController();
  pressed.abort();
}

/** A page may have any number of stoppable lists, and that is no leak to warn of. */
function newController(): AbortController {
  const fresh = new AbortController();
  setMaxListeners(0, fresh.signal);
  return fresh;
}

/** A copy of a list that is emptied when the interrupt button is pressed, so that a loop over it ends after the step it is in. */
export function stoppable<T>(items: readonly T[], signal: AbortSignal = interruptSignal()): T[] {
  const copy = [...items];
  signal.addEventListener("abort", () => (copy.length = 0), { once: true });
  return copy;
}
