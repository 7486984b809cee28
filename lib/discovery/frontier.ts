/**
 * The frontier of a discovery: which addresses wait to be called, and which are being called.
 *
 * Gossip names each address hundreds of times. So what the frontier holds depends on the addresses that it
 * knows, not on how often they are mentioned: a short text each, and the address itself while it waits.
 */
import { type AddressTuple, addressString, canonicalAddress, nodeKey } from "../peer/address";
import type { Lane } from "../peer/lane";
import type { Visit } from "../peer/visit";

/** What a discovery needs of a frontier, wherever it keeps its addresses. */
export interface AddressFrontier {
  /** How many different addresses it has heard of. */
  readonly heardOf: number;
  /** How many of them wait to be called. */
  readonly waiting: number;
  /** How many of them are being called. */
  readonly underWay: number;
  /** Whether no address waits, and none is under way: nobody is left who could name another. */
  readonly isDone: boolean;
  /** Adds an address. Returns whether it is new. */
  add(address: AddressTuple): boolean;
  /**
   * Returns an address to call, which is under way from then on; undefined if none waits.
   *
   * `lane` is the one that has room. A frontier that does not know lanes may return an address of another.
   */
  next(lane?: Lane): AddressTuple | undefined;
  /** Notes that the call to an address is over, and what came of it. */
  finished(address: AddressTuple, visit: Visit): void;
  /** Calls `onChange` when others may have changed it. A frontier that nobody shares has no need of it. */
  listen?(onChange: () => void): void;
}

/** A list shorter than this is not cut when its beginning has been taken. */
const MIN_CUT = 1024;

/** A frontier in memory, first in, first out. An address is the same however it is spelled. */
export class Frontier implements AddressFrontier {
  private readonly known = new Set<string>();
  private readonly calling = new Set<string>();
  private queue: AddressTuple[] = [];
  /** Where the queue begins: taking its first element out would move all others. */
  private head = 0;

  /** `called` are addresses that are known and need no call: those of an earlier discovery. */
  constructor(called: Iterable<AddressTuple> = []) {
    for (const address of called) this.known.add(nodeKey(address));
  }

  get heardOf(): number {
    return this.known.size;
  }

  get waiting(): number {
    return this.queue.length - this.head;
  }

  get underWay(): number {
    return this.calling.size;
  }

  get isDone(): boolean {
    return this.waiting === 0 && this.underWay === 0;
  }

  add(address: AddressTuple): boolean {
    const canonical = canonicalAddress(address);
    const key = addressString(canonical);
    if (this.known.has(key)) return false;
    this.known.add(key);
    this.queue.push(canonical);
    return true;
  }

  next(): AddressTuple | undefined {
    if (this.waiting === 0) return undefined;
    const address = this.queue[this.head++];
    if (this.head >= MIN_CUT && this.head > this.queue.length / 2) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    this.calling.add(addressString(address));
    return address;
  }

  finished(address: AddressTuple): void {
    this.calling.delete(nodeKey(address));
  }
}
