/** The reasons why a practice network cannot start. */

/** Stable codes; programs may depend on them. */
export type PracticeErrorCode = "PORT_TAKEN" | "TOO_FEW_FILES" | "NO_ADDRESSES" | "BAD_OPTION" | "ENDED";

/** Why a practice network cannot start. The message says what to do. */
export class PracticeError extends Error {
  override readonly name = "PracticeError";

  constructor(
    readonly code: PracticeErrorCode,
    message: string,
  ) {
    super(message);
  }
}
