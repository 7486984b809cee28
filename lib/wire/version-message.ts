/**
 * The payload of `version`, in which a node describes itself.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#version
 * As in Bitcoin Core (PeerManagerImpl::ProcessMessage, net_processing.cpp), the payload's end says
 * which fields there are, and not the protocol version. Peers below 106 end after the receiver, below
 * 209 before the height, below 70001 before the relay byte (BIP 37). Bytes after that are allowed.
 * A missing field gets the value that it has in Core. Core disconnects peers below 31800 and reads
 * negative times as 0: we report what the peer sent.
 */
import { ByteReader, ByteWriter } from "./bytes";
import { NetworkAddress, readNetworkAddress, writeNetworkAddress } from "./network-address";
import { serializePacket } from "./packet";
import { keepTrailingBytes, withTrailingBytes } from "./trailing-bytes";
import { readVarString, writeVarString } from "./var-int";

/** The fields of a version message, in the order in which they are sent. */
export interface VersionFields {
  /** Protocol version. */
  version: number;
  services: bigint;
  /** Unix time of the sender's clock, in seconds. */
  timestamp: bigint;
  receiver: NetworkAddress;
  sender: NetworkAddress;
  /** A random number by which a node recognises a connection to itself. */
  nonce: bigint;
  /** BIP 14: `/Satoshi:0.16.3/`. */
  userAgent: string;
  /** Number of blocks in the sender's chain. */
  startHeight: number;
  /** BIP 37: whether the sender wants transactions announced. Undefined when the byte is missing. */
  relay: boolean | undefined;
}

export class VersionMessage implements VersionFields {
  readonly version: number;
  readonly services: bigint;
  readonly timestamp: bigint;
  readonly receiver: NetworkAddress;
  readonly sender: NetworkAddress;
  readonly nonce: bigint;
  readonly userAgent: string;
  readonly startHeight: number;
  readonly relay: boolean | undefined;

  constructor(fields: VersionFields) {
    this.version = fields.version;
    this.services = fields.services;
    this.timestamp = fields.timestamp;
    this.receiver = fields.receiver;
    this.sender = fields.sender;
    this.nonce = fields.nonce;
    this.userAgent = fields.userAgent;
    this.startHeight = fields.startHeight;
    this.relay = fields.relay;
  }

  /**
   * Reads a payload, also one that ends before the sender, the user agent or the height.
   *
   * @throws ProtocolError MALFORMED if it ends within a field, OVERSIZED if the user agent is longer
   * than 256 bytes.
   */
  static fromBytes(payload: Uint8Array): VersionMessage {
    const reader = new ByteReader(payload);
    const version = reader.readInt32LE("protocol version");
    const services = reader.readBigUInt64LE("services");
    const timestamp = reader.readBigInt64LE("timestamp");
    const receiver = readNetworkAddress(reader);
    const hasSender = reader.remaining > 0;
    const sender = hasSender ? readNetworkAddress(reader) : { services: 0n, host: "::", port: 0 };
    const nonce = hasSender ? reader.readBigUInt64LE("nonce") : 1n;
    const userAgent = reader.remaining > 0 ? readVarString(reader) : "";
    const hasHeight = reader.remaining > 0;
    const startHeight = hasHeight ? reader.readInt32LE("start height") : -1;
    const end = reader.offset;
    const relay = reader.remaining > 0 ? reader.readUInt8("relay") !== 0 : undefined;
    const fields = { version, services, timestamp, receiver, sender, nonce, userAgent, startHeight, relay };
    const message = new VersionMessage(fields);
    // The fields alone give the payload back if none is missing, and the relay byte is 0, 1 or absent.
    const isUsual = hasHeight && reader.remaining === 0 && !(payload[end] > 1);
    return isUsual ? message : keepTrailingBytes(message, payload, end);
  }

  get command(): "version" {
    return "version";
  }

  /**
   * Returns the payload; for a message that was read, the same bytes.
   *
   * @throws RangeError if a field does not fit.
   */
  toBytes(): Uint8Array {
    const writer = new ByteWriter()
      .writeInt32LE(this.version)
      .writeBigUInt64LE(this.services)
      .writeBigInt64LE(this.timestamp);
    writeNetworkAddress(writer, this.receiver);
    writeNetworkAddress(writer, this.sender);
    writer.writeBigUInt64LE(this.nonce);
    writeVarString(writer, this.userAgent);
    writer.writeInt32LE(this.startHeight);
    if (this.relay !== undefined) writer.writeUInt8(this.relay ? 1 : 0);
    return withTrailingBytes(this, writer.toBytes());
  }
}

/**
 * Reads the payload of a version message. Only the relay byte may be missing, as in those of all
 * peers that Bitcoin Core talks to.
 *
 * @throws ProtocolError MALFORMED if it ends early, OVERSIZED if the user agent is longer than 256 bytes.
 */
export function parseVersionMessage(payload: Uint8Array): VersionMessage {
  const reader = new ByteReader(payload);
  return new VersionMessage({
    version: reader.readInt32LE("protocol version"),
    services: reader.readBigUInt64LE("services"),
    timestamp: reader.readBigInt64LE("timestamp"),
    receiver: readNetworkAddress(reader),
    sender: readNetworkAddress(reader),
    nonce: reader.readBigUInt64LE("nonce"),
    userAgent: readVarString(reader),
    startHeight: reader.readInt32LE("start height"),
    relay: reader.remaining > 0 ? reader.readUInt8("relay") !== 0 : undefined,
  });
}

/** The address that OUR_VERSION gives for both ends, since it is the same for all peers. */
const UNSPECIFIED: NetworkAddress = { services: 1039n, host: "::", port: 0 };

/** The version message that we send to every peer. */
export const OUR_VERSION_MESSAGE = new VersionMessage({
  version: 70015,
  services: 1039n,
  timestamp: 1532314003n,
  receiver: UNSPECIFIED,
  sender: UNSPECIFIED,
  nonce: 0x89ea3a9b43c55672n,
  userAgent: "/some-cool-software/",
  startHeight: 1,
  relay: true,
});

/** `OUR_VERSION_MESSAGE` as a packet of 130 bytes: the first thing we send to every peer. */
export const OUR_VERSION: Uint8Array = serializePacket("version", OUR_VERSION_MESSAGE.toBytes());
