/**
 * The protocol's two types of variable length: the integer (compactSize) and the string.
 *
 * https://developer.bitcoin.org/reference/transactions.html#compactsize-unsigned-integers
 * As in Bitcoin Core, an integer written in more bytes than it needs is an error (ReadCompactSize,
 * serialize.h). Unlike Core, integers over 32 MB are not an error here: each caller has its own limit.
 */
import { ByteReader, ByteWriter } from "./bytes";
import { bytesOfText, textOfBytes } from "./text";
import { ProtocolError } from "./errors";

/** Maximum length of a user agent, in bytes (MAX_SUBVERSION_LENGTH in Bitcoin Core's net.h). */
export const MAX_USER_AGENT_LENGTH = 256;

/**
 * Reads a compactSize integer.
 *
 * @throws ProtocolError OVERSIZED if it is over 2^53 - 1, MALFORMED if it is not in its shortest form.
 */
export function readVarInt(reader: ByteReader, field = "length"): number {
  const first = reader.readUInt8(field);
  if (first < 0xfd) return first;
  if (first === 0xfd) return shortest(reader.readUInt16LE(field), 0xfd, field);
  if (first === 0xfe) return shortest(reader.readUInt32LE(field), 0x10000, field);
  const value = reader.readBigUInt64LE(field);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ProtocolError("OVERSIZED", `${field}: expected at most 2^53 - 1, got ${value}`);
  }
  return shortest(Number(value), 0x100000000, field);
}

/**
 * Returns the value, if it needs as many bytes as it was written in.
 *
 * @throws ProtocolError MALFORMED if it is below `least`, and so fits into fewer bytes.
 */
function shortest(value: number, least: number, field: string): number {
  if (value < least) throw tooManyBytes(value, field);
  return value;
}

function tooManyBytes(value: number | bigint, field: string): ProtocolError {
  return new ProtocolError(
    "MALFORMED",
    `${field}: expected the shortest form, got ${value} in more bytes than it needs`,
  );
}

/**
 * Reads a compactSize integer of up to 64 bits: the services in `addrv2`, which are no length and so
 * have no limit.
 *
 * @throws ProtocolError MALFORMED if it is not in its shortest form.
 */
export function readVarBigInt(reader: ByteReader, field: string): bigint {
  if (!isLong(reader)) return BigInt(readVarInt(reader, field));
  reader.readUInt8(field);
  const value = reader.readBigUInt64LE(field);
  if (value < 0x100000000n) throw tooManyBytes(value, field);
  return value;
}

/**
 * Skips a compactSize integer of up to 64 bits.
 *
 * @throws ProtocolError as `readVarBigInt` does.
 */
export function skipVarBigInt(reader: ByteReader, field: string): void {
  if (isLong(reader)) readVarBigInt(reader, field);
  else readVarInt(reader, field); // which makes no bigint
}

/** Returns whether the next integer is one of nine bytes. */
function isLong(reader: ByteReader): boolean {
  return reader.remaining > 0 && reader.bytes[reader.offset] === 0xff;
}

/**
 * Writes a compactSize integer of up to 64 bits.
 *
 * @throws RangeError if it is longer, or negative.
 */
export function writeVarBigInt(writer: ByteWriter, value: bigint): void {
  if (value >= 0x100000000n) writer.writeUInt8(0xff).writeBigUInt64LE(value);
  else writeVarInt(writer, Number(value));
}

/**
 * Writes a compactSize integer in its shortest form: 1, 3, 5 or 9 bytes.
 *
 * @throws RangeError if it is not an integer from 0 to 2^53 - 1.
 */
export function writeVarInt(writer: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`expected an integer from 0 to 2^53 - 1, got ${value}`);
  }
  if (value < 0xfd) writer.writeUInt8(value);
  else if (value <= 0xffff) writer.writeUInt8(0xfd).writeUInt16LE(value);
  else if (value <= 0xffffffff) writer.writeUInt8(0xfe).writeUInt32LE(value);
  else writer.writeUInt8(0xff).writeBigUInt64LE(BigInt(value));
}

/**
 * Reads a string that is preceded by its length in bytes.
 *
 * @throws ProtocolError OVERSIZED if the length is over `maxLength`.
 */
export function readVarString(reader: ByteReader, maxLength = MAX_USER_AGENT_LENGTH): string {
  const length = readVarInt(reader);
  if (length > maxLength) {
    throw new ProtocolError(
      "OVERSIZED",
      `string: expected at most ${maxLength} bytes, got a length of ${length}`,
    );
  }
  return textOfBytes(reader.read(length, "string"));
}

/** Writes a string, preceded by its length in bytes. */
export function writeVarString(writer: ByteWriter, text: string): void {
  const bytes = bytesOfText(text);
  writeVarInt(writer, bytes.length);
  writer.write(bytes);
}
