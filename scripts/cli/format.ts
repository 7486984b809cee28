/** Formats shares, durations and times for people. */

/** Returns a share as `86.0%`. Only the whole is `100%`: 99.96% becomes `99.9%`. */
export function percent(part: number, whole: number): string {
  if (part === whole) return "100%";
  return `${Math.min((100 * part) / whole, 99.9).toFixed(1)}%`;
}

/** Returns a duration as `7.2 s`, `12 min` or `3 h 5 min`. `ms` is in milliseconds. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Returns Unix seconds as `2027-01-15 08:00 UTC`; undefined if they are beyond what a Date holds. */
export function utcTime(unixSeconds: number): string | undefined {
  const time = new Date(unixSeconds * 1000);
  if (Number.isNaN(time.getTime())) return undefined;
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
