/** The bitnodes API gave no answer, one other than 200, or one that is not a snapshot. */
export class BitnodesError extends Error {
  override readonly name = "BitnodesError";

  constructor(
    message: string,
    /** HTTP status, when it was the status that was wrong. */
    readonly status?: number,
    /** After how many seconds it may be asked again, when it said so. */
    readonly retryAfterSeconds?: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
