/**
 * The addresses of a crawl, taken one by one from an iterable or an async iterable.
 *
 * An address is asked for only when there is room for a visit. Addresses of a synchronous iterable cost no
 * promise. Addresses of a lane that has no room wait here, so that no lane waits for another.
 */
import type { AddressTuple } from "../peer/address";
import { type Lane, laneOf } from "../peer/lane";

/** Where a crawl takes its addresses from. */
export interface Source {
  /**
   * Whether no address is left, now or later.
   *
   * @throws what the source's own loop threw.
   */
  readonly isEmpty: boolean;
  /** Returns the next address of one of these lanes, or undefined if there is none at the moment. */
  take(lanes: readonly Lane[]): AddressTuple | undefined;
  /** Puts an address back, to be taken again. */
  putBack(address: AddressTuple): void;
  /** Stops giving addresses. */
  close(): void;
}

/**
 * How many addresses wait for lanes without room, at most. Then the iterator is not asked for more, and every
 * lane waits for the slowest.
 */
const MAX_WAITING = 100_000;

export class AddressSource implements Source {
  private readonly iterator: Iterator<AddressTuple> | AsyncIterator<AddressTuple>;
  /**
   * By lane, the addresses to take before the iterator's next: those that have arrived while their lane had no
   * room, and those that were put back.
   */
  private readonly buffers: Readonly<Record<Lane, AddressTuple[]>> = { ip: [], tor: [], i2p: [] };
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
    return this.isExhausted && this.waiting === 0;
  }

  private get waiting(): number {
    const { ip, tor, i2p } = this.buffers;
    return ip.length + tor.length + i2p.length;
  }

  /** Returns the next address of one of these lanes, or undefined if there is none or it has not arrived yet. */
  take(lanes: readonly Lane[]): AddressTuple | undefined {
    for (;;) {
      const lane = lanes.find((one) => this.buffers[one].length > 0);
      if (lane) return this.buffers[lane].shift();
      if (this.isExhausted || this.isWaiting || this.waiting >= MAX_WAITING) return undefined;
      this.ask();
    }
  }

  /** Puts an address back, to be taken again. */
  putBack(address: AddressTuple): void {
    this.buffers[laneOf(address)].push(address);
  }

  /** Stops taking addresses, and calls the iterator's `return` if it has not ended. */
  close(): void {
    if (this.isExhausted) return;
    this.isExhausted = true;
    for (const buffer of Object.values(this.buffers)) buffer.length = 0;
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
    else this.putBack(value);
  }

  private fail(error: unknown): void {
    this.failure = { error };
    this.isExhausted = true;
  }
}
