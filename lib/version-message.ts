/**
 * The payload of `version`: how a node introduces itself.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#version
 * As in Bitcoin Core (PeerManagerImpl::ProcessMessage, net_processing.cpp), not the protocol version
 * but the payload's end says which fields there are: peers below 106 end after the receiver, below
 * 209 before the height, below 70001 before the relay byte (BIP 37); bytes after that are allowed.
 * A missing field gets the value that it has in Core. Core hangs up on peers below 31800 and takes
 * negative times for 0: we report what they said, whatever the number.
 */
import { ByteReader, ByteWriter } from "./bytes";
import { NetworkAddress, readNetworkAddress, writeNetworkAddress } from "./network-address";
import { Packet } from "./packet";
import { keepTail, withTail } from "./tail";
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

  /** Reads a payload. Throws MALFORMED if it ends within a field, OVERSIZED if the user agent is longer than 256 bytes. */
  static fromBytes(payload: Uint8Array): VersionMessage {
    return parseVersionMessage(payload);
  }

  get command(): "version" {
    return "version";
  }

  /** The payload; of a message that was read, the same bytes. Throws a RangeError if a field does not fit. */
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
    return withTail(this, writer.toBytes());
  }
}

/** What Bitcoin Core takes a version message to say that ends before these fields. */
export const VERSION_DEFAULTS = {
  sender: { services: 0n, host: "::", port: 0 },
  nonce: 1n,
  userAgent: "",
  startHeight: -1,
} as const;

/** Reads the payload of a version message. Throws MALFORMED if it ends within a field, OVERSIZED if the user agent is too long. */
export function parseVersionMessage(payload: Uint8Array): VersionMessage {
  const reader = new ByteReader(payload);
  const version = reader.readInt32LE("protocol version");
  const services = reader.readBigUInt64LE("services");
  const timestamp = reader.readBigInt64LE("timestamp");
  const receiver = readNetworkAddress(reader);
  const hasSender = reader.remaining > 0; // and with it a nonce
  const sender = hasSender ? readNetworkAddress(reader) : { ...VERSION_DEFAULTS.sender };
  const nonce = hasSender ? reader.readBigUInt64LE("nonce") : VERSION_DEFAULTS.nonce;
  const userAgent = reader.remaining > 0 ? readVarString(reader) : VERSION_DEFAULTS.userAgent;
  const hasHeight = reader.remaining > 0;
  const startHeight = hasHeight ? reader.readInt32LE("start height") : VERSION_DEFAULTS.startHeight;
  const end = reader.offset;
  const relay = reader.remaining > 0 ? reader.readUInt8("relay") !== 0 : undefined;
  const fields = { version, services, timestamp, receiver, sender, nonce, userAgent, startHeight, relay };
  const message = new VersionMessage(fields);
  const usual = hasHeight && reader.remaining === 0 && !(payload[end] > 1);
  return usual ? message : keepTail(message, payload, end);
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
