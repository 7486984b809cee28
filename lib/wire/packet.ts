/**
 * The envelope that every message travels in: magic, command, length, checksum, payload.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#message-headers
 * The header is 24 bytes. Of the length we believe what Bitcoin Core believes
 * (MAX_PROTOCOL_MESSAGE_LENGTH, net.h), and we set no memory aside before the bytes are here.
 */
import { ByteReader, ByteWriter, toHex } from "./bytes";
import { checksum, hasChecksum } from "./checksum";
import { latin1 } from "./text";
import { ProtocolError } from "./errors";

/** The first four bytes of every message on Bitcoin's main network. */
export const MAGIC: Uint8Array = Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9);
/** The same four bytes as a number: faster to compare. */
export const MAGIC_NUMBER = 0xd9b4bef9;
export const HEADER_LENGTH = 24;
/** Longest payload, in bytes. */
export const MAX_PAYLOAD_LENGTH = 4_000_000;
/** The field of a command, in bytes. */
export const COMMAND_LENGTH = 12;

/** The text of a 12-byte command field. Throws BAD_COMMAND if it is not ASCII padded with NULs. */
export function readCommand(field: Uint8Array): string {
  const command = /^([\x20-\x7e]*)\0*$/.exec(latin1(field))?.[1];
  if (command === undefined || field.length !== COMMAND_LENGTH) {
    throw new ProtocolError(
      "BAD_COMMAND",
      `command: expected 12 bytes of ASCII padded with NULs, got ${toHex(field)}`,
    );
  }
  return command;
}

/** The 12-byte field of a command. Throws a RangeError if it is not ASCII, or longer than 12 characters. */
export function writeCommand(command: string): Uint8Array {
  if (!/^[\x20-\x7e]{0,12}$/.test(command)) {
    throw new RangeError(`expected a command of at most 12 ASCII characters, got "${command}"`);
  }
  const field = new Uint8Array(COMMAND_LENGTH);
  field.set(Buffer.from(command, "ascii"));
  return field;
}

/** What the 24 bytes before a payload announce. */
export interface PacketHeader {
  command: string;
  /** Of the payload, in bytes. */
  length: number;
  checksum: Uint8Array;
}

/** Reads and checks the 24 bytes before a payload. Throws BAD_MAGIC, BAD_COMMAND or OVERSIZED. */
export function readHeader(bytes: Uint8Array): PacketHeader {
  const reader = new ByteReader(bytes);
  if (reader.readUInt32LE("magic") !== MAGIC_NUMBER) {
    const magic = toHex(bytes.subarray(0, MAGIC.length));
    throw new ProtocolError("BAD_MAGIC", `magic: expected ${toHex(MAGIC)}, got ${magic}`);
  }
  const command = readCommand(reader.read(COMMAND_LENGTH, "command"));
  const length = reader.readUInt32LE("length");
  if (length > MAX_PAYLOAD_LENGTH) {
    throw new ProtocolError("OVERSIZED", `length: expected at most ${MAX_PAYLOAD_LENGTH}, got ${length}`);
  }
  return { command, length, checksum: reader.read(4, "checksum") };
}

/** Throws BAD_CHECKSUM unless the payload has the checksum that the header announces. `hasChecksum` compares it with what `checksum` gives, only faster. */
export function requireChecksum(header: PacketHeader, payload: Uint8Array): void {
  if (hasChecksum(payload, header.checksum)) return;
  throw new ProtocolError(
    "BAD_CHECKSUM",
    `checksum of ${header.command}: expected ${toHex(header.checksum)}, which the header announces, got ${toHex(checksum(payload))}`,
  );
}

/** The command and the payload of the one message that `bytes` are. Throws a ProtocolError that says what is wrong. */
export function parsePacket(bytes: Uint8Array): { command: string; payload: Uint8Array } {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader.read(HEADER_LENGTH, "header"));
  if (reader.remaining !== header.length) {
    throw new ProtocolError("MALFORMED", `payload: expected ${header.length} bytes, got ${reader.remaining}`);
  }
  const payload = reader.read(header.length, "payload");
  requireChecksum(header, payload);
  return { command: header.command, payload };
}

/** The bytes of a message: 24 of header, then the payload. */
export function serializePacket(command: string, payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_PAYLOAD_LENGTH) {
    throw new RangeError(`expected a payload of at most ${MAX_PAYLOAD_LENGTH} bytes, got ${payload.length}`);
  }
  return new ByteWriter()
    .write(MAGIC)
    .write(writeCommand(command))
    .writeUInt32LE(payload.length)
    .write(checksum(payload))
    .write(payload)
    .toBytes();
}

/** A message in its envelope. */
export class Packet {
  constructor(
    readonly command: string,
    readonly payload: Uint8Array,
  ) {}

  /** The one packet that `bytes` are, with nothing after it. Throws a ProtocolError. */
  static fromBytes(bytes: Uint8Array): Packet {
    const { command, payload } = parsePacket(bytes);
    return new Packet(command, payload);
  }

  toBytes(): Uint8Array {
    return serializePacket(this.command, this.payload);
  }
}
