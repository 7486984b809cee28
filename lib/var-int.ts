/**
 * The protocol's two things of variable length: the integer (compactSize) and the string.
 *
 * https://developer.bitcoin.org/reference/transactions.html#compactsize-unsigned-integers
 * As in Bitcoin Core, a number written in more bytes than it needs is an error (ReadCompactSize,
 * serialize.h). Unlike Core we do not stop at 32 MB here: the caller knows what is too long.
 */
import { ByteReader, ByteWriter } from "./bytes";
import { ProtocolError } from "./errors";
import { bytesOfText, textOfBytes } from "./text";

/** Longest user agent a peer may send, in bytes (MAX_SUBVERSION_LENGTH in Bitcoin Core's net.h). */
export const MAX_USER_AGENT_LENGTH = 256;

/** Reads a compactSize integer. Throws OVERSIZED past 2^53 - 1, MALFORMED if it is not the shortest form. */
export function readVarInt(reader: ByteReader): number {
  const first = reader.readUInt8("length");
  if (first < 0xfd) return first;
  if (first === 0xfd) return shortest(reader.readUInt16LE("length"), 0xfd);
  if (first === 0xfe) return shortest(reader.readUInt32LE("length"), 0x10000);
  const value = reader.readBigUInt64LE("length");
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ProtocolError("OVERSIZED", `length: expected at most 2^53 - 1, got ${value}`);
  }
  return shortest(Number(value), 0x100000000);
}

function shortest(value: number, least: number): number {
  if (value < least) {
    throw new ProtocolError("MALFORMED", `length: ${value} is written in more bytes than it needs`);
  }
  return value;
}

/** Writes a compactSize integer in as few bytes as it takes: 1, 3, 5 or 9. */
export function writeVarInt(writer: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`expected an integer from 0 to 2^53 - 1, got ${value}`);
  }
  if (value < 0xfd) writer.writeUInt8(value);
  else if (value <= 0xffff) writer.writeUInt8(0xfd).writeUInt16LE(value);
  else if (value <= 0xffffffff) writer.writeUInt8(0xfe).writeUInt32LE(value);
  else writer.writeUInt8(0xff).writeBigUInt64LE(BigInt(value));
}

/** Reads a string that is preceded by its length in bytes. The length is believed only up to `maxLength`. */
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
