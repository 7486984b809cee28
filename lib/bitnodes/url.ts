/** The URL of the bitnodes API: a setting, and the URLs that the course knows. */

/** The practice network's API, if its usual port is free. */
export const PRACTICE_URL = "http://127.0.0.1:18330/api/v1/";

/** A service that still answers in the format of the bitnodes API (November 2026). */
export const LIVE_URL = "https://btcnodes.io/api/v1/";

/** The URL that the grader answers itself. No server has it: `.test` is reserved (RFC 6761). */
export const GRADING_URL = "http://bitnodes.test/api/v1/";

/** Base URL of the bitnodes API in use, with a slash at its end. `joinNetwork()` sets it. */
export let BITNODES_URL: string = process.env.BITNODES_URL ?? PRACTICE_URL;

/** Sets `BITNODES_URL`, which the library's own client uses. */
export function setBitnodesUrl(url: string): void {
  BITNODES_URL = url;
}
