/**
 * The bytes of a peer's handshake, built once per peer and stamped for each call.
 *
 * Three fields of a version message differ between calls: the time, the nonce and the caller's port,
 * which the peer repeats. Their offsets are fixed; the checksum is computed anew.
 */
import { ByteWriter } from "../../wire/bytes";
import { checksum } from "../../wire/checksum";
import { CHECKSUM_OFFSET, HEADER_LENGTH, serializePacket } from "../../wire/packet";
import { VersionMessage } from "../../wire/version-message";
import type { VersionInfo, SessionPeer } from "./version-info";

const TIMESTAMP_OFFSET = HEADER_LENGTH + 12;
const RECEIVER_PORT_OFFSET = HEADER_LENGTH + 44;
const NONCE_OFFSET = HEADER_LENGTH + 72;

/** Messages without a payload, which are the same for all peers. */
const EMPTY_MESSAGES = new Map(
  ["wtxidrelay", "sendaddrv2", "verack"].map((command) => [command, serializePacket(command)]),
);

export type HandshakeCommand = "version" | "wtxidrelay" | "sendaddrv2" | "verack";

/** A peer's messages to callers from one host, in one buffer, its version message first. */
export class HandshakeBytes {
  private readonly bytes: Buffer;
  private readonly versionLength: number;

  constructor(
    private readonly versionInfo: VersionInfo,
    readonly callerHost: string,
    readonly commands: readonly HandshakeCommand[],
  ) {
    const version = serializePacket("version", versionMessage(versionInfo, callerHost).toBytes());
    this.versionLength = version.length;
    const writer = new ByteWriter();
    for (const command of commands) writer.write(EMPTY_MESSAGES.get(command) ?? version);
    this.bytes = Buffer.from(writer.toBytes());
  }

  /** Returns the bytes to send now to a caller at `port`: a copy, because a socket may send it later. */
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

const cache = new WeakMap<SessionPeer, HandshakeBytes>();

/** Returns the messages of `peer` with these commands, cached for the next caller from the same host. */
export function handshakeBytesFor(
  peer: SessionPeer,
  callerHost: string,
  commands: readonly HandshakeCommand[],
): HandshakeBytes {
  const cached = cache.get(peer);
  if (cached?.callerHost === callerHost && cached.commands === commands) return cached;
  const handshake = new HandshakeBytes(peer.versionInfo, callerHost, commands);
  cache.set(peer, handshake);
  return handshake;
}
