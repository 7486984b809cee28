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
  /** How many bytes of its place each address takes; 0 if it has not been written. */
  private readonly lengths: Uint8Array;
  /** For each address, the number of the last answer that holds it; 0 if none does. */
  private readonly drawnBy: Uint32Array;
  private answers = 0;

  /** There are `size` addresses, each of at most `maxLength` bytes. `write` writes one of them. */
  constructor(
    readonly size: number,
    private readonly maxLength: number,
    private readonly write: (i: number, writer: ByteWriter) => void,
  ) {
    this.bytes = new Uint8Array(size * maxLength);
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
    const length = drawn.reduce((sum, i) => sum + this.lengthOf(i), headBytes.length);
    const payload = new Uint8Array(length);
    payload.set(headBytes);
    let at = headBytes.length;
    for (const i of drawn) {
      copyBytes(this.bytes, i * this.maxLength, this.lengths[i], payload, at);
      writeTime(time(), payload, at);
      at += this.lengths[i];
    }
    return payload;
  }

  /** Draws the numbers of so many different addresses. */
  private draw(count: number, draw: () => number): Uint32Array {
    const answer = ++this.answers;
    const drawn = new Uint32Array(count);
    for (let found = 0; found < count;) {
      const number = draw();
      if (this.drawnBy[number] === answer) continue;
      this.drawnBy[number] = answer;
      drawn[found++] = number;
    }
    return drawn;
  }

  /** Returns the length of an address in bytes, and writes it if it has not been written yet. */
  private lengthOf(i: number): number {
    if (this.lengths[i] > 0) return this.lengths[i];
    const writer = new ByteWriter();
    this.write(i, writer);
    const bytes = writer.toBytes();
    this.bytes.set(bytes, i * this.maxLength);
    return (this.lengths[i] = bytes.length);
  }
}

/** Copies byte by byte: for so few, a call of `set` or `copy` takes several times as long. */
function copyBytes(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  for (let k = 0; k < length; k++) to[at + k] = from[start + k];
}

function writeTime(time: number, to: Uint8Array, at: number): void {
  for (let k = 0; k < 4; k++) to[at + k] = time >>> (8 * k);
}
