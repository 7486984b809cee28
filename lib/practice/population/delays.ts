/**
 * How long a peer takes to answer, which depends mostly on its distance.
 *
 * A visit is two round trips, one to connect and one to exchange version messages. Connecting to
 * loopback takes almost no time, so one delay before the first answer stands for both. Each later answer
 * takes one round trip.
 */
import type { SessionPeer } from "../behaviour/version-info";
import type { Place } from "./places";
import type { Random, Weighted } from "../../util/random";

/** Buenos Aires, where the caller is taken to be: far from most nodes, as most readers are. */
const CALLER = { latitude: -34.6, longitude: -58.4 };
/** Light travels 200 km per millisecond in glass. Cables are longer than the straight line, by `DETOUR`. */
const KM_PER_MS = 200;
const DETOUR = 1.3;
/** Factors by which a loaded peer is slower than its distance alone, with their weights. */
const LOAD_FACTORS: Weighted<readonly [low: number, high: number]> = [
  [[1, 1.2], 86],
  [[1.2, 2], 10],
  [[3, 15], 4],
];

/** Draws how far away a peer in `place` is, including 4 to 40 ms a round trip for the last mile. */
export function drawDelays(random: Random, place: Place): Pick<SessionPeer, "delayMs" | "roundTripMs"> {
  const oneWayMs = (distanceKm(CALLER, place) / KM_PER_MS) * DETOUR;
  const roundTripMs = 2 * oneWayMs + random.between(4, 40);
  const twoTripsMs = 2 * roundTripMs * random.between(...random.pick(LOAD_FACTORS));
  const delayMs = awayFromLimit(Math.round(twoTripsMs));
  return { delayMs, roundTripMs: delayMs / 2 };
}

/** Moves delays away from one second, so that the caller's speed does not decide whether a peer times out. */
function awayFromLimit(delayMs: number): number {
  if (delayMs < 850 || delayMs > 1200) return delayMs;
  return delayMs < 1000 ? delayMs - 150 : delayMs + 200;
}

/** Returns the distance along the surface of the earth (haversine formula, radius 6371 km). */
function distanceKm(a: { latitude: number; longitude: number }, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const h =
    half(a.latitude, b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}
