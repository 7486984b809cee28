/** Where the practice network's API is when nobody else has that port. */
export const PRACTICE_URL = "http://127.0.0.1:18330/api/v1/";

/** A service that still answers with the shape of the bitnodes API (November 2026). */
export const LIVE_URL = "https://btcnodes.io/api/v1/";

/** Where the grader answers in place of an API. Nobody is there. */
export const GRADING_URL = "http://bitnodes.test/api/v1/";

/** Base address of the bitnodes API in use, with a slash at its end. `joinNetwork()` sets it. */
export let BITNODES_URL: string = process.env.BITNODES_URL ?? PRACTICE_URL;

/** Points the library's own bitnodes client somewhere else. */
export function setBitnodesUrl(url: string): void {
  BITNODES_URL = url;
}
