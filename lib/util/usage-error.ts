/** A call that cannot be followed; the message says what there is. */
export class UsageError extends Error {
  override readonly name = "WrongCall";
}
