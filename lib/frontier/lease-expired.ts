/** Leases: until when a worker counts as alive without being heard of. */

/** The name of each worker, and until when it counts as alive, in milliseconds of the server's clock. */
export type Leases = Readonly<Record<string, number>>;

/**
 * Returns whether a worker counts as dead at `now`: its lease has ended before, or it has none.
 *
 * `now` is in milliseconds of the same clock as the leases. A worker whose lease ends at `now` is alive.
 */
export function leaseExpired(leases: Leases, worker: string, now: number): boolean {
  const until = Object.hasOwn(leases, worker) ? leases[worker] : -Infinity;
  return until < now;
}
