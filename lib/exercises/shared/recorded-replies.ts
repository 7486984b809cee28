/** What peers send in the checks of lessons four to seven: recorded, or invented in the same form. */
import { concat } from "../../wire/bytes";
import { HEADER_LENGTH, Packet, serializePacket } from "../../wire/packet";
import { type Recording, recordedChunks, recordingOf } from "../../recordings/recordings";
import { OUR_VERSION_MESSAGE, VersionMessage } from "../../wire/version-message";

/** What a peer sends. */
export interface RecordedReply {
  /** The sender: `btcd 0.26.2`. */
  from: string;
  /** The version message, with its header. */
  version: Uint8Array;
  /** What it sends right after that. */
  after: Uint8Array;
  /** The fields of the version message. */
  message: VersionMessage;
}

function fromRecording(recording: Recording): RecordedReply {
  const bytes = concat(recordedChunks(recording));
  const end = HEADER_LENGTH + recording.messages[0].length;
  const version = bytes.subarray(0, end);
  const message = VersionMessage.fromBytes(Packet.fromBytes(version).payload);
  return { from: `${recording.software} ${recording.version}`, version, after: bytes.subarray(end), message };
}

function fromMessage(from: string, message: VersionMessage): RecordedReply {
  const version = serializePacket("version", message.toBytes());
  return { from, version, after: serializePacket("verack"), message };
}

/** Recorded from btcd. */
export const BTCD: RecordedReply = fromRecording(recordingOf("btcd"));

/** Invented: old peers send no relay byte. */
export const OLD_PEER: RecordedReply = fromMessage(
  "an old peer",
  new VersionMessage({
    ...OUR_VERSION_MESSAGE,
    version: 60002,
    services: 1n,
    sender: { services: 1n, host: "2001:db8::7", port: 8333 },
    userAgent: "/Satoshi:0.7.2/",
    startHeight: 212_000,
    relay: undefined,
  }),
);

/** Invented: another user agent and height, so that the messages of a list differ. */
export const ANOTHER_PEER: RecordedReply = fromMessage(
  "another peer",
  new VersionMessage({ ...OUR_VERSION_MESSAGE, userAgent: "/Satoshi:29.0.0/", startHeight: 965_123 }),
);

export const PING: Uint8Array = serializePacket("ping", Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1));
export const WTXIDRELAY: Uint8Array = serializePacket("wtxidrelay");
export const SENDADDRV2: Uint8Array = serializePacket("sendaddrv2");

/** Returns the same packet with another byte at one offset. */
export function damaged(packet: Uint8Array, offset: number): Uint8Array {
  const copy = packet.slice();
  copy[offset] ^= 0xff;
  return copy;
}

/** Returns each byte as a chunk of its own. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

/** Returns the bytes as two chunks. */
export function cutAt(offset: number, bytes: Uint8Array): Uint8Array[] {
  return [bytes.subarray(0, offset), bytes.subarray(offset)];
}
