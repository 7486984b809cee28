/**
 * Addresses as the bytes of `addr` or `addrv2`, from which answers are put together. In place of the time at which
 * they were last seen, they have how long ago that was.
 *
 * All peers of a network may be asked within a second. So an address is written once, and copied into each
 * answer. Most of the time then goes into waiting for memory: what is drawn lies all over it. So addresses are drawn
 * in a loop that needs little memory, and looked up in one that does nothing else, for which the processor fetches
 * many at a time.
 */
import { ByteWriter } from "../../wire/bytes";
import { writeVarInt } from "../../wire/var-int";

/** Bytes that are copied at a time. */
const WORD = 4;

export class AnswerEntries {
  /** A place for each address: a byte that says how many follow, 0 until they are written. */
  private readonly places: Uint8Array;
  private readonly view: DataView;
  /** Length of a place in bytes: a power of two, so that most lie in one line of the processor's cache. */
  private readonly placeLength: number;
  /** One bit for each address, set while an answer is drawn that has it. */
  private readonly isDrawn: Int32Array;
  /** The answer under way. */
  private payload = new DataView(new ArrayBuffer(0));

  /** There are `size` addresses, each of at most `maxLength` bytes, which are fewer than 256. `write` writes one. */
  constructor(
    readonly size: number,
    maxLength: number,
    private readonly write: (i: number, writer: ByteWriter) => void,
  ) {
    this.placeLength = 2 ** Math.ceil(Math.log2(1 + maxLength));
    this.places = new Uint8Array(size * this.placeLength + WORD);
    this.view = new DataView(this.places.buffer);
    this.isDrawn = new Int32Array(Math.ceil(size / 32));
  }

  /**
   * Returns a payload of `count` different addresses. It is good until the next call.
   *
   * `draw` returns the number of an address, and is called until there are enough different ones. The first field of
   * each, which is how many seconds ago it was last seen, becomes the Unix time of that: `now` is in seconds.
   */
  answer(count: number, draw: () => number, now: number): Uint8Array {
    const drawn = this.draw(count, draw);
    const lengths = this.lengthsOf(drawn);
    const head = new ByteWriter();
    writeVarInt(head, count);
    const headBytes = head.toBytes();
    const payload = this.room(headBytes.length + count * this.placeLength);
    headBytes.forEach((byte, i) => payload.setUint8(i, byte));
    const { view, placeLength } = this;
    let at = headBytes.length;
    for (let k = 0; k < count; k++) {
      // Word by word, up to three bytes too many, which the next address overwrites: for so few bytes a call of
      // `set` takes several times as long.
      const end = at + lengths[k];
      const start = drawn[k] * placeLength + 1;
      for (let to = at, from = start; to < end; to += WORD, from += WORD) {
        payload.setInt32(to, view.getInt32(from, true), true);
      }
      payload.setUint32(at, now - view.getUint32(start, true), true);
      at = end;
    }
    return new Uint8Array(payload.buffer, 0, at);
  }

  /** Draws the numbers of so many different addresses. */
  private draw(count: number, draw: () => number): Uint32Array {
    const { isDrawn } = this;
    const drawn = new Uint32Array(count);
    isDrawn.fill(0);
    for (let found = 0; found < count;) {
      const number = draw();
      const bit = 1 << (number & 31);
      if (isDrawn[number >>> 5] & bit) continue;
      isDrawn[number >>> 5] |= bit;
      drawn[found++] = number;
    }
    return drawn;
  }

  /** Returns the lengths of addresses in bytes. Writes those that have not been written yet. */
  private lengthsOf(drawn: Uint32Array): Uint8Array {
    const { places, placeLength } = this;
    const lengths = new Uint8Array(drawn.length);
    for (let k = 0; k < drawn.length; k++) lengths[k] = places[drawn[k] * placeLength];
    for (let k = 0; k < drawn.length; k++) if (lengths[k] === 0) lengths[k] = this.fillPlace(drawn[k]);
    return lengths;
  }

  /** Writes an address into its place. Returns its length in bytes. */
  private fillPlace(i: number): number {
    const writer = new ByteWriter();
    this.write(i, writer);
    const bytes = writer.toBytes();
    this.places[i * this.placeLength] = bytes.length;
    this.places.set(bytes, i * this.placeLength + 1);
    return bytes.length;
  }

  /** Returns at least so many bytes for an answer. */
  private room(length: number): DataView {
    if (this.payload.byteLength < length) this.payload = new DataView(new ArrayBuffer(length));
    return this.payload;
  }
}
