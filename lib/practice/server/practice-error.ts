/** Why a practice network cannot be served, each with a stable `code` and a sentence that says what to do. */
export type PracticeErrorCode = "PORT_TAKEN" | "TOO_FEW_FILES" | "NO_ADDRESSES" | "BAD_OPTION" | "ENDED";

export class PracticeError extends Error {
  override readonly name = "PracticeError";

  constructor(
    readonly code: PracticeErrorCode,
    message: string,
  ) {
    super(message);
  }
}
