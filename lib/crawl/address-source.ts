/**
 * The addresses of a crawl, taken one by one from an iterable or an async iterable.
 *
 * An address is asked for only when there is room for a visit. Addresses of a synchronous iterable cost no
 * promise.
 */
import type { AddressTuple } from "../peer/address";

/** Where a crawl takes its addresses from. */
export interface Source {
  /**
   * Whether no address is left, now or later.
   *
   * @throws what the source's own loop threw.
   */
  readonly isEmpty: boolean;
  /** Returns the next address, or undefined if there is none at the moment. */
  take(): AddressTuple | undefined;
  /** Puts an address back, to be taken again. */
  putBack(address: AddressTuple): void;
  /** Stops giving addresses. */
  close(): void;
}

export class AddressSource implements Source {
  private readonly iterator: Iterator<AddressTuple> | AsyncIterator<AddressTuple>;
  /** Addresses to take before the iterator's next: one that has arrived, and those that were put back. */
  private readonly buffer: AddressTuple[] = [];
  private isWaiting = false;
  private isExhausted = false;
  private failure: { error: unknown } | undefined;

  /** `onChange` is called when an async iterator has given an address, ended or thrown. */
  constructor(
    addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
    private readonly onChange: () => void,
  ) {
    this.iterator =
      Symbol.asyncIterator in addresses ? addresses[Symbol.asyncIterator]() : addresses[Symbol.iterator]();
  }

  /**
   * Whether no address is left, now or later.
   *
   * @throws what the iterator threw.
   */
  get isEmpty(): boolean {
    if (this.failure) throw this.failure.error;
    return this.isExhausted && this.buffer.length === 0;
  }

  /** Returns the next address, or undefined if there is none or it has not arrived yet. */
  take(): AddressTuple | undefined {
    if (this.buffer.length === 0 && !this.isExhausted && !this.isWaiting) this.ask();
    return this.buffer.shift();
  }

  /** Puts an address back, to be taken again. */
  putBack(address: AddressTuple): void {
    this.buffer.push(address);
  }

  /** Stops taking addresses, and calls the iterator's `return` if it has not ended. */
  close(): void {
    if (this.isExhausted) return;
    this.isExhausted = true;
    this.buffer.length = 0;
    // Errors from the iterator's cleanup are ignored, because no caller is waiting for it.
    void (async () => this.iterator.return?.())().catch(() => {});
  }

  private ask(): void {
    try {
      const next = this.iterator.next();
      if ("then" in next) void this.receiveLater(next);
      else this.receive(next);
    } catch (error) {
      this.fail(error);
    }
  }

  private async receiveLater(next: Promise<IteratorResult<AddressTuple>>): Promise<void> {
    this.isWaiting = true;
    try {
      this.receive(await next);
    } catch (error) {
      this.fail(error);
    }
    this.isWaiting = false;
    this.onChange();
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
