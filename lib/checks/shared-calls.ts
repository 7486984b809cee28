/**
 * Calls of an answer that several checks look at: one that takes long is made once for all of them.
 *
 * What comes of it is whatever the check that asks first makes of the call: at the end of that check all is closed
 * that it has opened.
 */
export class SharedCalls {
  private readonly outcomes = new Map<string, Promise<unknown>>();

  /** Returns what comes of the call of this name, which whoever asks first makes. All get its error, too. */
  once<Outcome>(name: string, call: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = this.outcomes.get(name) ?? call();
    this.outcomes.set(name, outcome);
    return outcome as Promise<Outcome>;
  }
}
