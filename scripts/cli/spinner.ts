/** A spinner on stderr that leaves it to us how the process ends. */
import { createSpinner, type Spinner } from "nanospinner";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Whether there is a terminal to spin on. One that says it has no columns would keep nanospinner clearing lines for ever. */
export function canSpin(): boolean {
  return process.stderr.isTTY && process.stderr.columns > 0;
}

/** Starts a spinner without nanospinner's signal handlers: they end the process at once, before anything is cleaned up. */
export function startSpinner(text: string): Spinner {
  const before = SIGNALS.map((signal) => process.listeners(signal));
  const spinner = createSpinner(text, { stream: process.stderr }).start();
  SIGNALS.forEach((signal, i) => {
    const added = process.listeners(signal).filter((listener) => !before[i].includes(listener));
    added.forEach((listener) => process.off(signal, listener));
  });
  return spinner;
}
