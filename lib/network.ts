/**
 * Which network the course is on: the practice network, or the live one.
 *
 * One setting decides, the address of the bitnodes API. Practice and live differ in nothing else:
 * the API says who the nodes are, and the same code calls them.
 */

/** Where the practice network's API is when nobody else has that port. */
export const PRACTICE_URL = "http://127.0.0.1:18330/api/v1/";
/** A service that still answers with the shape of the bitnodes API (November 2026). */
export const LIVE_URL = "https://btcnodes.io/api/v1/";

/** Base address of the bitnodes API in use, with a slash at its end. `joinNetwork()` sets it. */
export let BITNODES_URL: string = process.env.BITNODES_URL ?? PRACTICE_URL;

/** Points the library's own bitnodes client somewhere else. */
export function setBitnodesUrl(url: string): void {
  BITNODES_URL = url;
}
