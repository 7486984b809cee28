/**
 * The envelope of every message: magic, command, length, checksum, payload.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#message-headers
 * The header is 24 bytes. As in Bitcoin Core (MAX_PROTOCOL_MESSAGE_LENGTH, net.h), a length over
 * 4,000,000 is refused. No memory is allocated for a payload before its bytes arrive.
 */
import { ByteReader, ByteWriter, toHex } from "./bytes";
import { checksum, hasChecksum } from "./checksum";
import { latin1 } from "./text";
import { ProtocolError } from "./errors";

/** The first four bytes of every message on Bitcoin's main network. */
export const MAGIC: Uint8Array = Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9);
/** The same four bytes as a little-endian number, which is faster to compare. */
export const MAGIC_NUMBER = 0xd9b4bef9;
/** Length of the header, in bytes. */
export const HEADER_LENGTH = 24;
/** Maximum length of a payload, in bytes. */
export const MAX_PAYLOAD_LENGTH = 4_000_000;
/** Length of the command field, in bytes. */
export const COMMAND_LENGTH = 12;
/** Where the fields after the magic begin in the header, in bytes. */
export const COMMAND_OFFSET = 4;
export const LENGTH_OFFSET = 16;
export const CHECKSUM_OFFSET = 20;

/**
 * Returns the text of a 12-byte command field.
 *
 * @throws ProtocolError BAD_COMMAND if it is not ASCII padded with NULs.
 */
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

/**
 * Returns the 12-byte field of a command.
 *
 * @throws RangeError if the command is not ASCII, or longer than 12 characters.
 */
export function writeCommand(command: string): Uint8Array {
  if (!/^[\x20-\x7e]{0,12}$/.test(command)) {
    throw new RangeError(`expected a command of at most 12 ASCII characters, got "${command}"`);
  }
  const field = new Uint8Array(COMMAND_LENGTH);
  field.set(Buffer.from(command, "ascii"));
  return field;
}

/** The fields of a header after the magic. */
export interface PacketHeader {
  command: string;
  /** Length of the payload, in bytes. */
  length: number;
  checksum: Uint8Array;
}

/**
 * Reads and checks the 24 bytes before a payload.
 *
 * @throws ProtocolError BAD_MAGIC, BAD_COMMAND or OVERSIZED.
 */
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

/**
 * Checks the payload against the checksum in the header. `hasChecksum` says whether `checksum(payload)`
 * equals it, only faster.
 *
 * @throws ProtocolError BAD_CHECKSUM if it differs.
 */
export function requireChecksum(header: PacketHeader, payload: Uint8Array): void {
  if (hasChecksum(payload, header.checksum)) return;
  throw new ProtocolError(
    "BAD_CHECKSUM",
    `checksum of ${header.command}: expected ${toHex(header.checksum)}, which the header announces, got ${toHex(checksum(payload))}`,
  );
}

/**
 * Returns the command and the payload of the one message that `bytes` hold.
 *
 * @throws ProtocolError that says what is wrong.
 */
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

/**
 * Returns the bytes of a message: 24 of header, then the payload.
 *
 * @throws RangeError if the command is not valid, or if the payload is longer than 4,000,000 bytes.
 */
export function serializePacket(command: string, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
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

/** A message as a stream of packets gives it: its command, and its payload unread. */
export class Packet {
  constructor(
    readonly command: string,
    readonly payload: Uint8Array,
  ) {}

  /**
   * Returns the one packet that `bytes` hold.
   *
   * @throws ProtocolError if something is wrong with it, or if bytes follow it.
   */
  static fromBytes(bytes: Uint8Array): Packet {
    const { command, payload } = parsePacket(bytes);
    return new Packet(command, payload);
  }

  toBytes(): Uint8Array {
    return serializePacket(this.command, this.payload);
  }
}
