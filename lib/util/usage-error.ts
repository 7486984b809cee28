/** The error for wrong arguments of a command. */

/** Says that a command cannot run as it was called. The message says which calls are possible. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
