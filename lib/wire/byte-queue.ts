/**
 * A queue of bytes: they are added in chunks, and taken in pieces of another size.
 *
 * A piece of one chunk is a view of it. Pieces that cross chunks are collected in memory that doubles
 * when it is full. So a byte is copied at most three times, however small the chunks are. The memory is
 * at most twice what has arrived (or MIN_MEMORY), whatever length a peer announces.
 */

/** In bytes. */
const MIN_MEMORY = 64;
/** The memory of an empty queue. Sharing it saves an allocation per connection. */
const EMPTY = new Uint8Array(0);

export class ByteQueue {
  private memory: Uint8Array = EMPTY;
  /** The bytes of `memory` that have not been taken: from `start` up to, but not including, `end`. */
  private start = 0;
  private end = 0;
  /** Whether this queue allocated `memory` and may write to it; otherwise it is a chunk. */
  private ownsMemory = false;

  /** Number of bytes that have been added and not taken. */
  get length(): number {
    return this.end - this.start;
  }

  /** Adds a chunk. The caller must not write to it afterwards, unless it calls `keep` first. */
  add(chunk: Uint8Array): void {
    if (this.length === 0) return this.setMemory(chunk, chunk.length, false);
    if (!this.ownsMemory || this.end + chunk.length > this.memory.length) this.grow(chunk.length);
    this.memory.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Takes the next `length` bytes, as one piece that is never written to; undefined if there are fewer. */
  take(length: number): Uint8Array | undefined {
    if (this.length < length) return undefined;
    this.start += length;
    return this.memory.subarray(this.start - length, this.start);
  }

  /** Returns all bytes that have not been taken, as a view that is valid until bytes are added. */
  peek(): Uint8Array {
    return this.memory.subarray(this.start, this.end);
  }

  /**
   * Copies the bytes that have not been taken, so that the caller may write to the last chunk again.
   * Pieces that were taken from that chunk are not copied.
   */
  keep(): void {
    if (this.length > 0 && !this.ownsMemory) this.grow(0);
  }

  /** Copies the bytes to new memory, of twice their length or with room for `more` bytes. */
  private grow(more: number): void {
    const needed = this.length + more;
    const memory = new Uint8Array(Math.max(MIN_MEMORY, needed, 2 * this.length));
    memory.set(this.memory.subarray(this.start, this.end));
    this.setMemory(memory, this.length, true);
  }

  private setMemory(memory: Uint8Array, length: number, isOwn: boolean): void {
    this.memory = memory;
    this.start = 0;
    this.end = length;
    this.ownsMemory = isOwn;
  }
}
