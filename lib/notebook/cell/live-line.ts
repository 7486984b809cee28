/** `liveLine`: one line of output that is overwritten, instead of thousands of lines. */
import { newOutput } from "./display";
import { interruptSignal } from "./interrupt";

/** Minimum time between two updates, in milliseconds. More updates would only cost the front end time. */
const UPDATE_MS = 100;

/**
 * Returns a function that shows a text under the cell, in place of the text before.
 *
 * Texts that come faster than the display updates are dropped, except for the newest. A text with
 * `isLast` is shown at once, because a text after the end of the cell may be lost. An interrupt of the
 * cell stops all updates.
 */
export function liveLine(): (text: string, isLast?: boolean) => void {
  const output = newOutput();
  const signal = interruptSignal();
  let waiting: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  function update(): void {
    timer = undefined;
    if (waiting === undefined || signal.aborted) return;
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
