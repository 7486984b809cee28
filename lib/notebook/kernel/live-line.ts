/** One line of output that is overwritten in its place, instead of thousands below each other. */
import { newOutput } from "./display";
import { interruptSignal } from "./interrupt";

/** Least time between two updates, in milliseconds: faster than the eye needs costs the front end. */
const UPDATE_MS = 100;

/**
 * A function that shows its text in one place under the cell, the newest text last, until the cell is
 * interrupted. A text with `isLast` is shown at once: after the cell there may be nowhere to show it.
 */
export function liveLine(): (text: string, isLast?: boolean) => void {
  const output = newOutput();
  const signal = interruptSignal();
  let waiting: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  function update(): void {
    timer = undefined;
    if (waiting === undefined) return;
    output.show("text/plain", waiting);
    waiting = undefined;
    timer = setTimeout(update, UPDATE_MS);
  }
  return (text, isLast = false) => {
    if (signal.aborted) return;
    waiting = text;
    if (isLast) clearTimeout(timer);
    if (isLast || !timer) update();
  };
}
