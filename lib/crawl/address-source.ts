/**
 * Where a crawl takes its addresses from: anything that can be looped over, at once or in time.
 */
import type { AddressTuple } from "../peer/address";

export class AddressSource {
  private readonly iterator: Iterator<AddressTuple> | AsyncIterator<AddressTuple>;
  /** Addresses that are here: one that was waited for, or those that were given back. */
  private readonly buffer: AddressTuple[] = [];
  private isAsking = false;
  private isExhausted = false;
  private failure: { error: unknown } | undefined;

  /** `onChange` is called when an address that was waited for is here, or when it is known that there is none. */
  constructor(
    addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
    private readonly onChange: () => void,
  ) {
    this.iterator =
      Symbol.asyncIterator in addresses ? addresses[Symbol.asyncIterator]() : addresses[Symbol.iterator]();
  }

  /** Whether there is none left, now or later. Throws what the loop over the addresses threw. */
  get isEmpty(): boolean {
    if (this.failure) throw this.failure.error;
    return this.isExhausted && this.buffer.length === 0;
  }

  /** The next address; undefined if there is none, or none yet. */
  take(): AddressTuple | undefined {
    if (this.buffer.length === 0 && !this.isExhausted && !this.isAsking) this.ask();
    return this.buffer.shift();
  }

  /** Puts an address back, to be taken again. */
  putBack(address: AddressTuple): void {
    this.buffer.push(address);
  }

  /** Takes no more. */
  close(): void {
    if (this.isExhausted) return;
    this.isExhausted = true;
    this.buffer.length = 0;
    // Nobody waits for the end of a loop that is left: what it says there is its own affair.
    void Promise.resolve(this.iterator.return?.()).catch(() => {});
  }

  private ask(): void {
    try {
      const next = this.iterator.next();
      if (next instanceof Promise) this.wait(next);
      else this.receive(next);
    } catch (error) {
      this.fail(error);
    }
  }

  private wait(next: Promise<IteratorResult<AddressTuple>>): void {
    this.isAsking = true;
    next
      .then(
        (result) => this.receive(result),
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        this.isAsking = false;
        this.onChange();
      });
  }

  private receive({ done, value }: IteratorResult<AddressTuple>): void {
    if (this.isExhausted) return;
    if (done) this.isExhausted = true;
    else this.buffer.push(value);
  }

  private fail(error: unknown): void {
    this.failure = { error };
    this.isExhausted = true;
  }
}
