/** Numbers and times as people read them. */

/** `86.0%`; what is not all is never 100. */
export function percent(part: number, whole: number): string {
  if (part === whole) return "100%";
  return `${Math.min((100 * part) / whole, 99.9).toFixed(1)}%`;
}

/** `7.2 s`, `12 min`, `3 h 5 min` */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
