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
  private readonly bytes: Buffer;
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
    this.bytes = Buffer.alloc(size * maxLength);
    this.lengths = new Uint8Array(size);
    this.drawnBy = new Uint32Array(size);
  }

  /**
   * Returns a payload of `count` different addresses.
   *
   * `draw` returns the number of an address, and is called until there are enough different ones. `time`
   * returns when an address was last seen, which is its first field.
   */
  answer(count: number, draw: () => number, time: () => number): Buffer {
    const writer = new ByteWriter();
    writeVarInt(writer, count);
    const head = writer.toBytes();
    const payload = Buffer.allocUnsafe(head.length + count * this.maxLength);
    payload.set(head);
    let end = head.length;
    const starts = this.draw(count, draw).map((i) => {
      const start = end;
      const from = this.written(i);
      end += this.bytes.copy(payload, start, from, from + this.lengths[i]);
      return start;
    });
    for (const start of starts) payload.writeUInt32LE(time(), start);
    return payload.subarray(0, end);
  }

  /** Draws the numbers of so many different addresses. */
  private draw(count: number, draw: () => number): number[] {
    const answer = ++this.answers;
    const drawn: number[] = [];
    while (drawn.length < count) {
      const number = draw();
      if (this.drawnBy[number] === answer) continue;
      this.drawnBy[number] = answer;
      drawn.push(number);
    }
    return drawn;
  }

  /** Writes an address, if it has not been written yet, and returns where its bytes begin. */
  private written(i: number): number {
    const start = i * this.maxLength;
    if (this.lengths[i] > 0) return start;
    const writer = new ByteWriter();
    this.write(i, writer);
    const bytes = writer.toBytes();
    this.bytes.set(bytes, start);
    this.lengths[i] = bytes.length;
    return start;
  }
}
