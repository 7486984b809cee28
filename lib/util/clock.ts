/** The monotonic clock, which all processes of a machine share, and its relation to Unix time. */

/** Returns the current time, in milliseconds of the monotonic clock. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Converts a time of the monotonic clock to Unix time, for files. Both are in milliseconds. */
export function toUnixMs(monotonicMs: number): number {
  return monotonicMs + clockOffsetMs();
}

/** Converts Unix time to this machine's monotonic clock. Both are in milliseconds. */
export function fromUnixMs(unixMs: number): number {
  return unixMs - clockOffsetMs();
}

/** If the offset changes by more than this, in milliseconds, the clock was set or the computer slept. */
const CLOCK_CHANGE_MS = 100;

let offsetMs: number | undefined;

/**
 * Returns how far Unix time is ahead of the monotonic clock, in milliseconds. The result stays the same
 * until the clock is set, so that the times of different visits can be compared.
 */
function clockOffsetMs(): number {
  const currentMs = Date.now() - now();
  if (offsetMs === undefined || Math.abs(currentMs - offsetMs) > CLOCK_CHANGE_MS) offsetMs = currentMs;
  return offsetMs;
}
