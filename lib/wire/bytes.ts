/**
 * Readers and writers of the integers and byte strings that Bitcoin's messages are made of.
 *
 * Integers are little-endian, except the port of a network address. Reading past the end throws a
 * `ProtocolError` that names the field. Writing a number that does not fit throws a `RangeError`.
 */
import { ProtocolError } from "./errors";

/**
 * Scratch memory that joins two integers of 32 bits to one of 64. Shared, because a DataView per reader
 * would cost more than the reading.
 */
const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

/** Reads integers and byte strings from some bytes, front to back. */
export class ByteReader {
  /** Number of bytes that have been read. */
  offset = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** Number of bytes that are left. */
  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /**
   * Reads the next `length` bytes, as a view of the same memory.
   *
   * @throws ProtocolError MALFORMED if there are fewer.
   */
  read(length: number, field = "field"): Uint8Array {
    const start = this.take(length, field);
    return this.bytes.subarray(start, start + length);
  }

  /**
   * Skips the next `length` bytes.
   *
   * @throws ProtocolError MALFORMED if there are fewer.
   */
  skip(length: number, field?: string): void {
    this.take(length, field);
  }

  readUInt8(field?: string): number {
    return this.bytes[this.take(1, field)];
  }

  readUInt16LE(field?: string): number {
    const start = this.take(2, field);
    return this.bytes[start] | (this.bytes[start + 1] << 8);
  }

  /** Reads a big-endian integer: the port of a network address. */
  readUInt16BE(field?: string): number {
    const start = this.take(2, field);
    return (this.bytes[start] << 8) | this.bytes[start + 1];
  }

  readUInt32LE(field?: string): number {
    return this.readInt32LE(field) >>> 0;
  }

  readInt32LE(field?: string): number {
    return this.int32At(this.take(4, field));
  }

  readBigUInt64LE(field?: string): bigint {
    this.toScratch(this.take(8, field));
    return scratch.getBigUint64(0, true);
  }

  readBigInt64LE(field?: string): bigint {
    this.toScratch(this.take(8, field));
    return scratch.getBigInt64(0, true);
  }

  private int32At(start: number): number {
    const bytes = this.bytes;
    return bytes[start] | (bytes[start + 1] << 8) | (bytes[start + 2] << 16) | (bytes[start + 3] << 24);
  }

  private toScratch(start: number): void {
    scratch.setInt32(0, this.int32At(start), true);
    scratch.setInt32(4, this.int32At(start + 4), true);
  }

  private take(length: number, field = "field"): number {
    const start = this.offset;
    if (length > this.bytes.length - start) throw this.tooShort(length, field);
    this.offset = start + length;
    return start;
  }

  private tooShort(length: number, field: string): ProtocolError {
    const expected = length === 1 ? "1 byte" : `${length} bytes`;
    const message = `${field}: expected ${expected} from byte ${this.offset} on, got ${this.remaining}`;
    return new ProtocolError("MALFORMED", message);
  }
}

/** The integer types that a writer writes, as DataView names them in `setUint8` and the like. */
type IntegerType = "Uint8" | "Uint16" | "Uint32" | "Int32" | "BigUint64" | "BigInt64";

/** Collects integers and byte strings, in order, into one `Uint8Array`. */
export class ByteWriter {
  private readonly parts: Uint8Array[] = [];

  write(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }

  writeUInt8(value: number): this {
    return this.put(1, "Uint8", value);
  }

  writeUInt16LE(value: number): this {
    return this.put(2, "Uint16", value, true);
  }

  /** Writes a big-endian integer: the port of a network address. */
  writeUInt16BE(value: number): this {
    return this.put(2, "Uint16", value, false);
  }

  writeUInt32LE(value: number): this {
    return this.put(4, "Uint32", value, true);
  }

  writeInt32LE(value: number): this {
    return this.put(4, "Int32", value, true);
  }

  writeBigUInt64LE(value: bigint): this {
    return this.put(8, "BigUint64", value, true);
  }

  writeBigInt64LE(value: bigint): this {
    return this.put(8, "BigInt64", value, true);
  }

  /** Returns everything written so far. */
  toBytes(): Uint8Array {
    return concat(this.parts);
  }

  /** Writes `value` and reads it back: a value that does not fit reads back as another one. */
  private put(length: number, type: IntegerType, value: number | bigint, littleEndian?: boolean): this {
    scratch[`set${type}`](0, value as never, littleEndian);
    if (scratch[`get${type}`](0, littleEndian) !== value) {
      throw new RangeError(`expected an integer that fits into ${length} bytes (${type}), got ${value}`);
    }
    return this.write(scratchBytes.slice(0, length));
  }
}

/** Returns the parts one after the other, in new memory. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Returns bytes as lower-case hexadecimal, two digits per byte. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/**
 * Returns the bytes that hexadecimal text stands for. Spaces and line ends are ignored.
 *
 * @throws RangeError if the text holds anything else.
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) {
    throw new RangeError(`expected pairs of hexadecimal digits, got "${text.slice(0, 40)}"`);
  }
  return new Uint8Array(Buffer.from(digits, "hex"));
}
