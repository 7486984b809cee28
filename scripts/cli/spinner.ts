/** A spinner on stderr that does not end the process on a signal. */
import { createSpinner, type Spinner } from "nanospinner";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Returns whether stderr is a terminal that can show a spinner.
 *
 * On a terminal of 0 columns nanospinner would clear lines for ever.
 */
export function canSpin(): boolean {
  return process.stderr.isTTY && process.stderr.columns > 0;
}

/** Starts a spinner, and removes nanospinner's signal handlers: they end the process before it cleans up. */
export function startSpinner(text: string): Spinner {
  const before = SIGNALS.map((signal) => process.listeners(signal));
  const spinner = createSpinner(text, { stream: process.stderr }).start();
  SIGNALS.forEach((signal, i) => {
    const added = process.listeners(signal).filter((listener) => !before[i].includes(listener));
    added.forEach((listener) => process.off(signal, listener));
  });
  return spinner;
}
