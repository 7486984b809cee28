/**
 * How long a peer takes to answer: mostly how far away it is.
 *
 * A visit is two round trips, one to connect and one to ask, and a connection to loopback takes no
 * time at all, so both are in one delay before the answer.
 */
import type { Place } from "./places";
import type { Random, Weighted } from "../../util/random";

/** Buenos Aires: most nodes are far from here, as they are from most readers. */
const HERE = { latitude: -34.6, longitude: -58.4 };
/** Light in glass goes 200 km in a millisecond, and cables take detours. */
const KM_PER_MS = 200;
const DETOUR = 1.3;
/** Shares of peers whose answer takes so many times as long as the distance says. */
const BURDENS: Weighted<readonly [low: number, high: number]> = [
  [[1, 1.2], 86],
  [[1.2, 2], 10],
  [[3, 15], 4],
];

/** Milliseconds of two round trips to `place`, the last mile and the machine's own time included. */
export function drawDelay(random: Random, place: Place): number {
  const wayMs = (distanceKm(HERE, place) / KM_PER_MS) * DETOUR;
  const roundTripMs = 2 * wayMs + random.between(4, 40);
  const delayMs = 2 * roundTripMs * random.between(...random.pick(BURDENS));
  return awayFromLimit(Math.round(delayMs));
}

/** Nobody answers so close to one second that it depends on the caller's machine who is in time. */
function awayFromLimit(delayMs: number): number {
  if (delayMs < 850 || delayMs > 1200) return delayMs;
  return delayMs < 1000 ? delayMs - 150 : delayMs + 200;
}

/** Along the surface of the earth (haversine). */
function distanceKm(a: { latitude: number; longitude: number }, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const h =
    half(a.latitude, b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}
