/** The event loop in tests: turning it, and blocking it without waiting. */
import { onTestFinished, vi } from "vitest";

const realSetTimeout = setTimeout;

/** Lets the event loop turn a few times, so that everything that can go on goes on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Stops the clock and the timers of this process until the test is over. Only `blockFor` moves them. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "hrtime"] });
  onTestFinished(() => void vi.useRealTimers());
}

/**
 * Acts as an event loop that is blocked for `ms` milliseconds while `happen` happens: the loop first runs the
 * timers that are due, and polls after them. The clock must be stopped.
 */
export function blockFor(ms: number, happen: () => void): void {
  // Of the real phases only "timers" comes before a poll and its "check".
  realSetTimeout(() => {
    happen();
    vi.advanceTimersByTime(ms);
  }, 0);
}
