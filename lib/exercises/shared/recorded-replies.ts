/** What peers say in the checks of lesson four: recorded from real node software where it can be, and the rest in the same form. */
import { concat } from "../../wire/bytes";
import { HEADER_LENGTH, Packet } from "../../wire/packet";
import { type Recording, recordedChunks, recordingOf } from "../../recordings/recordings";
import { OUR_VERSION_MESSAGE, VersionMessage } from "../../wire/version-message";

/** A peer's answer: its version in its envelope, what it says right after, and what its version means. */
export interface RecordedReply {
  /** Who spoke: `btcd 0.26.2`. */
  from: string;
  version: Uint8Array;
  after: Uint8Array;
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
  const version = new Packet("version", message.toBytes()).toBytes();
  return { from, version, after: new Packet("verack", new Uint8Array(0)).toBytes(), message };
}

/** Recorded from btcd. */
export const BTCD: RecordedReply = fromRecording(recordingOf("btcd"));

/** Made up: old peers leave the relay byte out. */
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

/** Made up: another name and height, to tell the answers of a list apart. */
export const ANOTHER_PEER: RecordedReply = fromMessage(
  "another peer",
  new VersionMessage({ ...OUR_VERSION_MESSAGE, userAgent: "/Satoshi:29.0.0/", startHeight: 965_123 }),
);

export const PING: Uint8Array = new Packet("ping", Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1)).toBytes();
export const WTXIDRELAY: Uint8Array = new Packet("wtxidrelay", new Uint8Array(0)).toBytes();
export const SENDADDRV2: Uint8Array = new Packet("sendaddrv2", new Uint8Array(0)).toBytes();

/** The same packet with another byte at one place. */
export function damaged(packet: Uint8Array, place: number): Uint8Array {
  const copy = packet.slice();
  copy[place] ^= 0xff;
  return copy;
}

/** Each byte on its own. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

/** The bytes in two pieces. */
export function cutAt(place: number, bytes: Uint8Array): Uint8Array[] {
  return [bytes.subarray(0, place), bytes.subarray(place)];
}
