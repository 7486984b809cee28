/**
 * The bytes that peers send, built once for each peer and then only stamped.
 *
 * Of a version message three things change from call to call: the time, the nonce, and the port of
 * the caller, whose address the peer repeats. Their places are fixed; the checksum follows.
 */
import { ByteWriter } from "../../wire/bytes";
import { checksum } from "../../wire/checksum";
import { HEADER_LENGTH, Packet } from "../../wire/packet";
import { VersionMessage } from "../../wire/version-message";
import type { VersionInfo, SessionPeer } from "./version-info";

const TIMESTAMP_OFFSET = HEADER_LENGTH + 12;
const RECEIVER_PORT_OFFSET = HEADER_LENGTH + 44;
const NONCE_OFFSET = HEADER_LENGTH + 72;
const CHECKSUM_OFFSET = 20;

/** Messages without a payload, which are the same from everybody. */
const EMPTY = new Map(
  ["wtxidrelay", "sendaddrv2", "verack"].map((command) => [
    command,
    new Packet(command, new Uint8Array(0)).toBytes(),
  ]),
);

export type HandshakeCommand = "version" | "wtxidrelay" | "sendaddrv2" | "verack";

/** Everything a peer says in answer to a version message, in one piece, its version message first. */
export class HandshakeBytes {
  private readonly bytes: Buffer;
  private readonly versionLength: number;

  constructor(
    private readonly versionInfo: VersionInfo,
    readonly callerHost: string,
    readonly commands: readonly HandshakeCommand[],
  ) {
    const version = new Packet("version", versionMessage(versionInfo, callerHost).toBytes()).toBytes();
    this.versionLength = version.length;
    const writer = new ByteWriter();
    for (const command of commands) writer.write(EMPTY.get(command) ?? version);
    this.bytes = Buffer.from(writer.toBytes());
  }

  /** The bytes as they are to be sent now to a caller at `port`: a copy, since sending may take a while. */
  stamped(port: number): Buffer {
    const bytes = Buffer.from(this.bytes);
    const seconds = Math.floor(Date.now() / 1000) + this.versionInfo.clockSkewSeconds;
    bytes.writeBigInt64LE(BigInt(seconds), TIMESTAMP_OFFSET);
    bytes.writeUInt16BE(port, RECEIVER_PORT_OFFSET);
    bytes.writeUInt32LE(Math.floor(Math.random() * 2 ** 32), NONCE_OFFSET);
    bytes.writeUInt32LE(Math.floor(Math.random() * 2 ** 32), NONCE_OFFSET + 4);
    bytes.set(checksum(bytes.subarray(HEADER_LENGTH, this.versionLength)), CHECKSUM_OFFSET);
    return bytes;
  }
}

function versionMessage(versionInfo: VersionInfo, callerHost: string): VersionMessage {
  return new VersionMessage({
    version: versionInfo.version,
    services: BigInt(versionInfo.services),
    timestamp: 0n,
    receiver: { services: 0n, host: callerHost, port: 0 },
    sender: { services: BigInt(versionInfo.services), host: "::", port: 0 },
    nonce: 0n,
    userAgent: versionInfo.userAgent,
    startHeight: versionInfo.startHeight,
    relay: versionInfo.relay,
  });
}

const answers = new WeakMap<SessionPeer, HandshakeBytes>();

/** What `peer` says with these commands, kept for the next caller from the same host. */
export function handshakeBytesFor(
  peer: SessionPeer,
  callerHost: string,
  commands: readonly HandshakeCommand[],
): HandshakeBytes {
  const known = answers.get(peer);
  if (known?.callerHost === callerHost && known.commands === commands) return known;
  const answer = new HandshakeBytes(peer.versionInfo, callerHost, commands);
  answers.set(peer, answer);
  return answer;
}
