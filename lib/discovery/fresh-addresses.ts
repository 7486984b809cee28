/**
 * Which addresses of gossip are fresh: seen not long ago, as far as one can believe it.
 */
import type { AddressTuple } from "../peer/address";
import type { KnownAddress } from "../wire/addr";

/** How far ahead the clocks of peers may be, in seconds: ten minutes, as in Bitcoin Core (net_processing.cpp). */
const MAX_AHEAD_SECONDS = 600;

/**
 * Addresses that nobody has seen for so long are not called, in seconds: 30 days, after which Bitcoin Core too
 * forgets them (ADDRMAN_HORIZON, addrman_impl.h).
 */
export const MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

/**
 * Returns the addresses that were seen in the last `maxAgeSeconds` seconds before `now`, in their order.
 *
 * Times are Unix times in seconds. A time more than ten minutes ahead says nothing: its address would stay
 * fresh for as long as somebody likes.
 */
export function freshAddresses(
  known: readonly KnownAddress[],
  now: number,
  maxAgeSeconds: number,
): AddressTuple[] {
  return known.filter(({ time }) => isFresh(time, now, maxAgeSeconds)).map(({ host, port }) => [host, port]);
}

/** Returns whether an address last seen at `time` is fresh. */
export function isFresh(time: number, now: number, maxAgeSeconds: number): boolean {
  return time >= now - maxAgeSeconds && time <= now + MAX_AHEAD_SECONDS;
}
