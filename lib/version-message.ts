/**
 * The payload of `version`: how a node introduces itself.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#version
 * As in Bitcoin Core (net_processing.cpp), bytes after the last field are allowed, and the relay
 * byte (BIP 37) may be missing: old peers leave it out.
 */
import { ByteReader, ByteWriter } from "./bytes";
import { NetworkAddress, readNetworkAddress, writeNetworkAddress } from "./network-address";
import { Packet } from "./packet";
import { readVarString, writeVarString } from "./var-int";

/** The fields of a version message, in the order in which they travel. */
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
  /** How many blocks the sender's chain has. */
  startHeight: number;
  /** BIP 37: whether we may be told of transactions. Undefined when the byte is missing. */
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

  /** Reads a payload. Throws MALFORMED if it ends early, OVERSIZED if the user agent is longer than 256 bytes. */
  static fromBytes(payload: Uint8Array): VersionMessage {
    return parseVersionMessage(payload);
  }

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
    return writer.toBytes();
  }
}

/** Reads the payload of a version message. Throws MALFORMED if it ends early, OVERSIZED if the user agent is too long. */
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

const NOBODY: NetworkAddress = { services: 1039n, host: "::", port: 0 };

/** What we say of ourselves to every peer. */
export const OUR_VERSION_MESSAGE = new VersionMessage({
  version: 70015,
  services: 1039n,
  timestamp: 1532314003n,
  receiver: NOBODY,
  sender: NOBODY,
  nonce: 0x89ea3a9b43c55672n,
  userAgent: "/some-cool-software/",
  startHeight: 1,
  relay: true,
});

/** The same, in its envelope: the 130 bytes that open every conversation. */
export const OUR_VERSION: Uint8Array = new Packet("version", OUR_VERSION_MESSAGE.toBytes()).toBytes();
