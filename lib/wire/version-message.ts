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
import { ByteReader, ByteWriter, concat } from "./bytes";
import { NetworkAddress, readNetworkAddress, writeNetworkAddress } from "./network-address";
import { Packet } from "./packet";
import { keepTrailingBytes, withTrailingBytes } from "./trailing-bytes";
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
    const whole = withMissingFields(payload);
    const message = parseVersionMessage(whole);
    const end = heightPlace(whole) + HEIGHT_LENGTH;
    const isUsual = payload.length === end || (payload.length === end + 1 && payload[end] <= 1);
    return isUsual ? message : keepTrailingBytes(message, payload, Math.min(end, payload.length));
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
    return withTrailingBytes(this, writer.toBytes());
  }
}

/**
 * Reads the payload of a version message in which nothing but the relay byte may be missing: that of
 * every peer which Bitcoin Core talks to. Throws MALFORMED if it ends early, OVERSIZED if the user agent is too long.
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

/** Where the fields begin that a payload may end before, in bytes. */
const SENDER_PLACE = 46;
const USER_AGENT_PLACE = 80;
const HEIGHT_LENGTH = 4;

/** The bytes of what Bitcoin Core takes a version message to say that ends before these fields: sender, nonce, user agent, height. */
const MISSING_FIELDS: Uint8Array = (() => {
  const writer = new ByteWriter();
  writeNetworkAddress(writer, { services: 0n, host: "::", port: 0 });
  writer.writeBigUInt64LE(1n);
  writeVarString(writer, "");
  return writer.writeInt32LE(-1).toBytes();
})();

/** The payload with the fields that it ends before; itself if it ends elsewhere. */
function withMissingFields(payload: Uint8Array): Uint8Array {
  const { length } = payload;
  if (length === SENDER_PLACE) return concat([payload, MISSING_FIELDS]);
  if (length === USER_AGENT_PLACE) {
    return concat([payload, MISSING_FIELDS.subarray(USER_AGENT_PLACE - SENDER_PLACE)]);
  }
  if (length === heightPlace(payload)) return concat([payload, MISSING_FIELDS.subarray(-HEIGHT_LENGTH)]);
  return payload;
}

/** Where the start height begins, in bytes, if the user agent is no longer than allowed: behind a length of one byte or of three. */
function heightPlace(payload: Uint8Array): number {
  const first = payload[USER_AGENT_PLACE];
  if (first < 0xfd) return USER_AGENT_PLACE + 1 + first;
  return USER_AGENT_PLACE + 3 + payload[USER_AGENT_PLACE + 1] + (payload[USER_AGENT_PLACE + 2] << 8);
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
