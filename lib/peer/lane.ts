/**
 * The ways in which nodes are called: directly, or through a proxy of Tor or of I2P.
 *
 * Each is a lane of its own in a crawl, since Tor and I2P take seconds where the internet takes milliseconds.
 */
import type { AddressTuple } from "./address";

export type Lane = "ip" | "tor" | "i2p";

export const LANES: readonly Lane[] = ["ip", "tor", "i2p"];

/** The most characters of a name that a proxy can be asked for. */
const MAX_NAME_LENGTH = 255;

/** Returns the lane of an address: `tor` for names that end in .onion, `i2p` for those in .b32.i2p. */
export function laneOf([host]: AddressTuple): Lane {
  if (host.length > MAX_NAME_LENGTH) return "ip";
  if (/^[\x21-\x7e]+\.onion$/i.test(host)) return "tor";
  return /^[\x21-\x7e]+\.b32\.i2p$/i.test(host) ? "i2p" : "ip";
}
