/**
 * Bytes that come in chunks and are taken in pieces of another size.
 *
 * Pieces of a single chunk are views of it. What lies across chunks is gathered in memory that doubles
 * when it is full: so a byte is copied three times at the most, however small the chunks are, and no
 * more is set aside than twice what has come, whatever length a peer announces.
 */
const LEAST_MEMORY = 64;
/** What a queue holds before its first chunk: one for all, since most queues never hold anything else for long. */
const NOTHING = new Uint8Array(0);

export class ByteQueue {
  private memory: Uint8Array = NOTHING;
  /** Where in `memory` the bytes begin that have not been taken, and where they end. */
  private start = 0;
  private end = 0;
  /** Whether `memory` is ours to write to, and not a chunk. */
  private ours = false;

  /** How many bytes have come and have not been taken. */
  get length(): number {
    return this.end - this.start;
  }

  /** Adds a chunk, which must not change from now on, or until `keep`. */
  add(chunk: Uint8Array): void {
    if (this.length === 0) return this.hold(chunk, chunk.length, false);
    if (!this.ours || this.end + chunk.length > this.memory.length) this.grow(chunk.length);
    this.memory.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** The next `length` bytes, in one piece that nothing is written to any more; undefined while they are not all here. */
  take(length: number): Uint8Array | undefined {
    if (this.length < length) return undefined;
    this.start += length;
    return this.memory.subarray(this.start - length, this.start);
  }

  /** Copies what has not been taken out of a chunk, which may then be written to; pieces of it that were taken are not copied. */
  keep(): void {
    if (this.length > 0 && !this.ours) this.grow(0);
  }

  /** Moves the bytes to memory of our own, twice as much as they take, or enough for `more`. */
  private grow(more: number): void {
    const wanted = this.length + more;
    const memory = new Uint8Array(Math.max(LEAST_MEMORY, wanted, 2 * this.length));
    memory.set(this.memory.subarray(this.start, this.end));
    this.hold(memory, this.length, true);
  }

  private hold(memory: Uint8Array, length: number, ours: boolean): void {
    this.memory = memory;
    this.start = 0;
    this.end = length;
    this.ours = ours;
  }
}
