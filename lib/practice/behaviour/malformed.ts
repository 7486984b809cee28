/**
 * Malformed messages for hostile peers: each function takes valid bytes and makes one thing wrong.
 *
 * The header's fields are magic, command, length and checksum
 * (https://developer.bitcoin.org/reference/p2p_networking.html#message-headers).
 */
import { randomBytes } from "node:crypto";
import { concat } from "../../wire/bytes";
import { KEY_LENGTH } from "../../transport/elligator-swift";
import { LENGTH_LENGTH, PACKET_OVERHEAD } from "../../transport/encrypted-packet";
import { MAX_GARBAGE_LENGTH } from "../../transport/garbage";
import { TERMINATOR_LENGTH } from "../../transport/session-keys";
import {
  CHECKSUM_OFFSET,
  COMMAND_OFFSET,
  HEADER_LENGTH,
  LENGTH_OFFSET,
  MAGIC,
  serializePacket,
} from "../../wire/packet";

/** The magic bytes of testnet3 (kernel/chainparams.cpp of Bitcoin Core). */
const TESTNET_MAGIC = Uint8Array.of(0x0b, 0x11, 0x09, 0x07);
/** In bytes: the payload ends within the sender's address. */
const SHORT_PAYLOAD_LENGTH = 60;
const GARBAGE_LENGTH = 1000;

/** Returns the same messages with the magic bytes of testnet3. */
export function withWrongMagic(bytes: Buffer): Buffer {
  return overwrite(bytes, 0, TESTNET_MAGIC);
}

/** Returns the messages with one bit of the first checksum flipped. */
export function withBadChecksum(bytes: Buffer): Buffer {
  return overwrite(bytes, CHECKSUM_OFFSET, [bytes[CHECKSUM_OFFSET] ^ 1]);
}

/** Returns the messages with a byte other than NUL at the end of the first command field. */
export function withBadCommand(bytes: Buffer): Buffer {
  return overwrite(bytes, COMMAND_OFFSET + 11, [0x21]);
}

/** Returns a header that announces 4 GB less one byte, without a payload. */
export function withFourGigabytes(bytes: Buffer): Buffer {
  return overwrite(bytes.subarray(0, HEADER_LENGTH), LENGTH_OFFSET, [0xff, 0xff, 0xff, 0xff]);
}

/** Returns a version message whose payload ends within a field, with a valid header. */
export function tooShort(bytes: Buffer): Uint8Array {
  return serializePacket("version", bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + SHORT_PAYLOAD_LENGTH));
}

/** Returns the first half of the bytes. */
export function firstHalf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1);
}

/** Returns the bytes as chunks of one byte each. */
export function singleBytes(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** Returns the bytes as chunks that end within the magic, within the header and within the payload. */
export function awkwardChunks(bytes: Buffer): Buffer[] {
  const cuts = [0, 3, HEADER_LENGTH - 1, HEADER_LENGTH + 30, bytes.length];
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
}

/** Returns the messages after others that may come before a version message; one has an unknown command. */
export function withOthersFirst(bytes: Buffer): Uint8Array {
  const ping = () => serializePacket("ping", randomBytes(8));
  return concat([
    ping(),
    serializePacket("verack"),
    serializePacket("sendheaders"),
    serializePacket("nonsense"),
    ping(),
    bytes,
  ]);
}

/** Returns random bytes whose first byte is not that of the magic. */
export function garbage(): Buffer {
  const bytes = randomBytes(GARBAGE_LENGTH);
  bytes[0] = MAGIC[0] ^ 0xff;
  return bytes;
}

/** Of the peer's handshake in v2, from the end: the version packet is empty, and the terminator is before it. */
const VERSION_PACKET_LENGTH = LENGTH_LENGTH + PACKET_OVERHEAD;
const TERMINATOR_OFFSET = -(VERSION_PACKET_LENGTH + TERMINATOR_LENGTH);
/** Twice what a caller accepts. */
const ENDLESS_GARBAGE_LENGTH = 2 * MAX_GARBAGE_LENGTH;

/** Returns the key at the start of a handshake in v2. */
export function keyOnly(handshake: Uint8Array): Uint8Array {
  return handshake.subarray(0, KEY_LENGTH);
}

/** Returns a handshake in v2 whose garbage goes on and on. */
export function withEndlessGarbage(handshake: Uint8Array): Uint8Array {
  return concat([keyOnly(handshake), randomBytes(ENDLESS_GARBAGE_LENGTH)]);
}

/** Returns a handshake in v2 with one bit of the terminator flipped. */
export function withWrongTerminator(handshake: Uint8Array): Uint8Array {
  return flipBit(handshake, handshake.length + TERMINATOR_OFFSET);
}

/** Returns a handshake in v2 with one bit of the version packet's tag flipped. */
export function withBadTag(handshake: Uint8Array): Uint8Array {
  return flipBit(handshake, handshake.length - 1);
}

function flipBit(bytes: Uint8Array, offset: number): Uint8Array {
  return overwrite(Buffer.from(bytes), offset, [bytes[offset] ^ 1]);
}

function overwrite(bytes: Buffer, offset: number, by: ArrayLike<number>): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(by, offset);
  return copy;
}
