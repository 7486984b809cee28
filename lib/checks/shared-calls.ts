/**
 * Calls of an answer that several checks look at: one that takes long is made once for all of them.
 *
 * The first check to ask makes the call; the others get its result or error. What the call opened is closed when that
 * first check ends.
 */
export class SharedCalls {
  private readonly outcomes = new Map<string, Promise<unknown>>();

  /** Returns the result of the call of this name, which the first to ask makes. All get its error, too. */
  once<Outcome>(name: string, call: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = this.outcomes.get(name) ?? call();
    this.outcomes.set(name, outcome);
    return outcome as Promise<Outcome>;
  }
}
