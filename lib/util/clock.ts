/** Now, in milliseconds of the monotonic clock that all processes of this machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Unix time, in milliseconds, of a moment of that clock: for what is kept in files, where the monotonic clock means nothing. */
export function unixTime(moment: number): number {
  return moment + clocksApart();
}

/** The way back from `unixTime`: the moment on this machine's monotonic clock, in milliseconds. */
export function momentOf(unixMs: number): number {
  return unixMs - clocksApart();
}

/** Least difference, in milliseconds, by which a clock was set or a computer slept. */
const CLOCK_WAS_SET_MS = 100;

let apart: number | undefined;

/** How far Unix time is ahead of the monotonic clock, in milliseconds: always the same, so that times of different visits compare, until somebody sets the clock. */
function clocksApart(): number {
  const fresh = Date.now() - now();
  if (apart === undefined || Math.abs(fresh - apart) > CLOCK_WAS_SET_MS) apart = fresh;
  return apart;
}
