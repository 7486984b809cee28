/** The error of the bitnodes API. */

/** Says that the bitnodes API gave no answer, one whose status is not 200, or one that is not a snapshot. */
export class BitnodesError extends Error {
  override readonly name = "BitnodesError";

  constructor(
    message: string,
    /** The HTTP status, if it was not 200. */
    readonly status?: number,
    /** Seconds until the API may be asked again, if the answer says so. */
    readonly retryAfterSeconds?: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
