/** The ports on which nodes listen. */
import type { Random, Weighted } from "../../util/random";

/** Returns ports with their counts, as a profile has them. Its entries for all other ports become 0. */
export function portsOf(counts: Record<string, number>): Weighted<number> {
  return Object.entries(counts).map(([port, count]) => [Number(port) || 0, count]);
}

/**
 * Draws a port as often as it was counted.
 *
 * Other ports lie below those that operating systems give to outgoing connections.
 */
export function drawPort(random: Random, ports: Weighted<number>): number {
  return random.pick(ports) || random.integer(1024, 30_000);
}
