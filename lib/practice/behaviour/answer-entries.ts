/**
 * Addresses as the bytes of `addr` or `addrv2`, from which answers are put together.
 *
 * All peers of a network may be asked within a second. So an address is written once, and copied into each
 * answer.
 */
import { ByteWriter } from "../../wire/bytes";
import { writeVarInt } from "../../wire/var-int";

export class AnswerEntries {
  /** The bytes of the addresses that have been in an answer: a place of the same length for each. */
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  /** Length of a place in bytes: whole words. */
  private readonly placeLength: number;
  /** How many bytes of its place each address takes; 0 if it has not been written. */
  private readonly lengths: Uint8Array;
  /** For each address, the number of the last answer that holds it; 0 if none does. */
  private readonly drawnBy: Uint32Array;
  private answers = 0;
  /** What `fetch` has read, for nobody. */
  fetched = 0;

  /** There are `size` addresses, each of at most `maxLength` bytes. `write` writes one of them. */
  constructor(
    readonly size: number,
    maxLength: number,
    private readonly write: (i: number, writer: ByteWriter) => void,
  ) {
    this.placeLength = Math.ceil(maxLength / WORD) * WORD;
    this.bytes = new Uint8Array(size * this.placeLength);
    this.view = new DataView(this.bytes.buffer);
    this.lengths = new Uint8Array(size);
    this.drawnBy = new Uint32Array(size);
  }

  /**
   * Returns a payload of `count` different addresses.
   *
   * `draw` returns the number of an address, and is called until there are enough different ones. `time`
   * returns when an address was last seen, which is its first field.
   */
  answer(count: number, draw: () => number, time: () => number): Uint8Array {
    const drawn = this.draw(count, draw);
    const head = new ByteWriter();
    writeVarInt(head, count);
    const headBytes = head.toBytes();
    const payload = new Uint8Array(headBytes.length + count * this.placeLength);
    payload.set(headBytes);
    const to = new DataView(payload.buffer);
    let at = headBytes.length;
    this.fetch(drawn);
    for (let k = 0; k < count; k++) {
      const i = drawn[k];
      const start = i * this.placeLength;
      const end = start + this.lengths[i];
      // Word by word, up to three bytes too many, which the next address overwrites: for so few bytes a call of
      // `set` or `copy` takes several times as long.
      for (let from = start; from < end; from += WORD) {
        to.setUint32(at + from - start, this.view.getUint32(from));
      }
      to.setUint32(at, time(), true);
      at += end - start;
    }
    return payload.subarray(0, at);
  }

  /** Draws the numbers of so many different addresses, and writes those that have not been written yet. */
  private draw(count: number, draw: () => number): Uint32Array {
    const answer = ++this.answers;
    const drawn = new Uint32Array(count);
    for (let found = 0; found < count;) {
      const number = draw();
      if (this.drawnBy[number] === answer) continue;
      this.drawnBy[number] = answer;
      drawn[found++] = number;
      if (this.lengths[number] === 0) this.fillPlace(number);
    }
    return drawn;
  }

  /**
   * Reads a byte of each place. They lie all over the memory: a loop that does nothing else waits for many of them
   * at a time, the one that copies for one after the other.
   */
  private fetch(drawn: Uint32Array): void {
    let sum = 0;
    for (let k = 0; k < drawn.length; k++) sum += this.bytes[drawn[k] * this.placeLength];
    this.fetched = sum; // or else the loop might be left out
  }

  private fillPlace(i: number): void {
    const writer = new ByteWriter();
    this.write(i, writer);
    const bytes = writer.toBytes();
    this.bytes.set(bytes, i * this.placeLength);
    this.lengths[i] = bytes.length;
  }
}

/** Bytes that are copied at a time. */
const WORD = 4;
