/**
 * What hostile peers make of good bytes: each function takes messages and gives back what is wrong
 * with them, and with nothing else.
 *
 * The places are those of the header: magic, command, length, checksum
 * (https://developer.bitcoin.org/reference/p2p_networking.html#message-headers).
 */
import { randomBytes } from "node:crypto";
import { concat } from "../../wire/bytes";
import { HEADER_LENGTH, MAGIC, serializePacket } from "../../wire/packet";

const COMMAND_OFFSET = 4;
const LENGTH_OFFSET = 16;
const CHECKSUM_OFFSET = 20;

/** The magic bytes of testnet3. */
const TESTNET_MAGIC = Uint8Array.of(0x0b, 0x11, 0x09, 0x07);
/** Enough to end in the middle of the sender's address. */
const SHORT_PAYLOAD_LENGTH = 60;
const GARBAGE_LENGTH = 1000;

/** The same from another network. */
export function withWrongMagic(bytes: Buffer): Buffer {
  return changed(bytes, 0, TESTNET_MAGIC);
}

/** A checksum that is one bit off. */
export function withBadChecksum(bytes: Buffer): Buffer {
  return changed(bytes, CHECKSUM_OFFSET, [bytes[CHECKSUM_OFFSET] ^ 1]);
}

/** `version`, and then something after the NULs that pad it. */
export function withBadCommand(bytes: Buffer): Buffer {
  return changed(bytes, COMMAND_OFFSET + 11, [0x21]);
}

/** A header that announces 4 GB less one byte, and nothing of it. */
export function withFourGigabytes(bytes: Buffer): Buffer {
  return changed(bytes.subarray(0, HEADER_LENGTH), LENGTH_OFFSET, [0xff, 0xff, 0xff, 0xff]);
}

/** A version message whose payload ends within a field, in an envelope that is right. */
export function tooShort(bytes: Buffer): Uint8Array {
  return serializePacket("version", bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + SHORT_PAYLOAD_LENGTH));
}

export function firstHalf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1);
}

/** The bytes one by one. */
export function singleBytes(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** The bytes cut within the magic, within the header and within the payload. */
export function awkwardChunks(bytes: Buffer): Buffer[] {
  const cuts = [0, 3, HEADER_LENGTH - 1, HEADER_LENGTH + 30, bytes.length];
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
}

/** Messages that may come before the version message, though few peers send them: one is of a command that nobody knows. */
export function withOthersFirst(bytes: Buffer): Uint8Array {
  const ping = () => serializePacket("ping", randomBytes(8));
  const empty = (command: string) => serializePacket(command, new Uint8Array(0));
  return concat([ping(), empty("verack"), empty("sendheaders"), empty("nonsense"), ping(), bytes]);
}

/** Bytes of chance that do not begin as a message does. */
export function garbage(): Buffer {
  const bytes = randomBytes(GARBAGE_LENGTH);
  bytes[0] = MAGIC[0] ^ 0xff;
  return bytes;
}

function changed(bytes: Buffer, offset: number, by: ArrayLike<number>): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(by, offset);
  return copy;
}
