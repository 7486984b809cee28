/** Now, in milliseconds of the monotonic clock that all processes of this machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Unix time, in milliseconds, of a moment of that clock: for what is kept in files, where the monotonic clock means nothing. */
export function toUnixMs(moment: number): number {
  return moment + clockOffsetMs();
}

/** The way back from `toUnixMs`: the moment on this machine's monotonic clock, in milliseconds. */
export function fromUnixMs(unixMs: number): number {
  return unixMs - clockOffsetMs();
}

/** Least difference, in milliseconds, by which a clock was set or a computer slept. */
const CLOCK_WAS_SET_MS = 100;

let offsetMs: number | undefined;

/** How far Unix time is ahead of the monotonic clock, in milliseconds: always the same, so that times of different visits compare, until somebody sets the clock. */
function clockOffsetMs(): number {
  const fresh = Date.now() - now();
  if (offsetMs === undefined || Math.abs(fresh - offsetMs) > CLOCK_WAS_SET_MS) offsetMs = fresh;
  return offsetMs;
}
