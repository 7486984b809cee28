/**
 * The payload of `addrv2`: other nodes that the sender knows, in any network.
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0155.mediawiki
 * As in BIP 155, these are errors: more than 1000 addresses, an address of more than 512 bytes, and one
 * of the wrong length for its network. Bitcoin Core drops addresses of networks that it does not know;
 * we report them, with their bytes in hexadecimal as the host. Core ignores Tor v2, and IPv6 addresses
 * that embed IPv4 or Tor; we report them as the peer sent them.
 */
import {
  addressesToBytes,
  type IsWanted,
  type KnownAddress,
  Mentions,
  readAddresses,
  readCount,
  type WantedAddresses,
} from "./addr";
import { i2pKey, ipKey, ipv4Key, isIPv4Key, torKey } from "./address-key";
import { ByteReader, ByteWriter, fromHex, toHex } from "./bytes";
import { hostFromBytes, hostToBytes } from "./network-address";
import { NETWORK_ID } from "./network-id";
import { i2pBytes, i2pHost, torV2Bytes, torV2Host, torV3Bytes, torV3Host } from "./overlay-hosts";
import { keepUnread, withTrailingBytes } from "./trailing-bytes";
import { readVarBigInt, readVarInt, skipVarBigInt, writeVarBigInt, writeVarInt } from "./var-int";
import { ProtocolError } from "./errors";

/** Maximum length of an address in any network, in bytes (MAX_ADDRV2_SIZE in Bitcoin Core's netaddress.h). */
const MAX_ADDRESS_LENGTH = 512;

/**
 * The first protocol version of software that knows `addrv2`. Bitcoin Core says `sendaddrv2` to nobody who has
 * an older one, since some software hangs up on messages that it does not know (net_processing.cpp).
 */
export const ADDRV2_VERSION = 70016;

interface AddressNetwork {
  name: string;
  /** Length of its addresses, in bytes. */
  length: number;
  hostOf(address: Uint8Array): string;
  /**
   * Returns the bytes of an address.
   *
   * @throws RangeError if the host is not an address of this network.
   */
  bytesOf(host: string): Uint8Array;
}

/** The networks of BIP 155 by their number: those that a release of Bitcoin Core has known. */
export const ADDRESS_NETWORKS: Readonly<Record<number, AddressNetwork>> = {
  [NETWORK_ID.ipv4]: { name: "IPv4", length: 4, hostOf: (address) => address.join("."), bytesOf: ipv4Bytes },
  [NETWORK_ID.ipv6]: { name: "IPv6", length: 16, hostOf: hostFromBytes, bytesOf: hostToBytes },
  [NETWORK_ID.torV2]: { name: "Tor v2", length: 10, hostOf: torV2Host, bytesOf: torV2Bytes },
  [NETWORK_ID.torV3]: { name: "Tor v3", length: 32, hostOf: torV3Host, bytesOf: torV3Bytes },
  [NETWORK_ID.i2p]: { name: "I2P", length: 32, hostOf: i2pHost, bytesOf: i2pBytes },
  [NETWORK_ID.cjdns]: { name: "CJDNS", length: 16, hostOf: hostFromBytes, bytesOf: hostToBytes },
};

/** A node, as a peer describes it in `addrv2`. */
export interface KnownAddressV2 extends KnownAddress {
  /**
   * 1 IPv4, 2 IPv6, 3 Tor v2, 4 Tor v3, 5 I2P, 6 CJDNS. In any other network, the host is the address in
   * hexadecimal.
   */
  networkId: number;
}

export class AddrV2Message {
  constructor(readonly addresses: readonly KnownAddressV2[]) {}

  /**
   * Reads a payload.
   *
   * @throws ProtocolError OVERSIZED if it announces more than 1000 addresses, or an address of more than
   * 512 bytes. MALFORMED if an address has the wrong length for its network, or if the payload ends early.
   */
  static fromBytes(payload: Uint8Array): AddrV2Message {
    const reader = new ByteReader(payload);
    return keepUnread(new AddrV2Message(readAddresses(reader, readKnownAddress)), reader);
  }

  get command(): "addrv2" {
    return "addrv2";
  }

  /**
   * Returns the payload.
   *
   * @throws RangeError if there are more than 1000 addresses, or if one cannot be written.
   */
  toBytes(): Uint8Array {
    return withTrailingBytes(this, addressesToBytes(this.addresses, writeKnownAddressV2));
  }
}

/** How the addresses of a network that can be called are told apart. Tor v2 no longer exists. */
const KEYS: Readonly<Record<number, (bytes: Uint8Array, offset: number) => number>> = {
  [NETWORK_ID.ipv4]: ipv4Key,
  [NETWORK_ID.ipv6]: ipKey,
  [NETWORK_ID.torV3]: torKey,
  [NETWORK_ID.i2p]: i2pKey,
  [NETWORK_ID.cjdns]: ipKey,
};

/**
 * Reads the addresses in a payload that are wanted, and how many it holds in all.
 *
 * Those of networks that are not known here are counted, and never wanted; nor are IPv6 addresses that embed
 * IPv4, as in Bitcoin Core. The mentions that are not wanted cost no objects.
 *
 * @throws ProtocolError as `AddrV2Message.fromBytes` does.
 */
export function readWantedAddressesV2(
  payload: Uint8Array,
  isWanted: IsWanted,
): WantedAddresses<KnownAddressV2> {
  const reader = new ByteReader(payload);
  const count = readCount(reader);
  const mentions = new Mentions(count);
  for (let left = count; left > 0; left--) readMention(reader, mentions);
  return mentions.select(isWanted, (offset) => readKnownAddress(new ByteReader(payload.subarray(offset))));
}

/** Reads one address, and adds it if it may be wanted. */
function readMention(reader: ByteReader, mentions: Mentions): void {
  const start = reader.offset;
  const time = reader.readUInt32LE("time");
  skipVarBigInt(reader, "services");
  const networkId = reader.readUInt8("network");
  const length = readLength(reader, ADDRESS_NETWORKS[networkId]);
  const { offset } = reader;
  reader.skip(length, "address");
  reader.skip(2, "port");
  const key = KEYS[networkId]?.(reader.bytes, offset);
  const isEmbedded = networkId === NETWORK_ID.ipv6 && key !== undefined && isIPv4Key(key);
  if (key !== undefined && !isEmbedded) mentions.add(time, key, networkId, start);
}

function readKnownAddress(reader: ByteReader): KnownAddressV2 {
  const time = reader.readUInt32LE("time");
  const services = readVarBigInt(reader, "services");
  const networkId = reader.readUInt8("network");
  const host = readHost(reader, ADDRESS_NETWORKS[networkId]);
  const port = reader.readUInt16BE("port");
  return { time, services, networkId, host, port };
}

function readHost(reader: ByteReader, network: AddressNetwork | undefined): string {
  const address = reader.read(readLength(reader, network), "address");
  return network ? network.hostOf(address) : toHex(address);
}

/** Reads the length of an address: that of its network's, or any up to 512 bytes if that is not known. */
function readLength(reader: ByteReader, network: AddressNetwork | undefined): number {
  const length = readVarInt(reader, "length of the address");
  if (length > MAX_ADDRESS_LENGTH) {
    throw new ProtocolError(
      "OVERSIZED",
      `address: expected at most ${MAX_ADDRESS_LENGTH} bytes, got a length of ${length}`,
    );
  }
  if (network && length !== network.length) {
    throw new ProtocolError(
      "MALFORMED",
      `${network.name} address: expected ${network.length} bytes, got a length of ${length}`,
    );
  }
  return length;
}

/** A node as the bytes of `addrv2` have it: without the text of its host. */
export interface RawAddressV2 extends Omit<KnownAddressV2, "host"> {
  address: Uint8Array;
}

/** Writes one address. */
export function writeKnownAddressV2(writer: ByteWriter, known: KnownAddressV2): void {
  writeRawAddressV2(writer, { ...known, address: addressBytes(known) });
}

/** Writes one address whose bytes are known. */
export function writeRawAddressV2(writer: ByteWriter, known: RawAddressV2): void {
  const { time, services, networkId, address, port } = known;
  writer.writeUInt32LE(time);
  writeVarBigInt(writer, services);
  writer.writeUInt8(networkId);
  writeVarInt(writer, address.length);
  writer.write(address).writeUInt16BE(port);
}

/**
 * Returns the bytes of an address.
 *
 * @throws RangeError if the host is not an address of its network.
 */
export function addressBytes({ networkId, host }: Pick<KnownAddressV2, "networkId" | "host">): Uint8Array {
  const address = ADDRESS_NETWORKS[networkId]?.bytesOf(host) ?? fromHex(host);
  if (address.length > MAX_ADDRESS_LENGTH) {
    throw new RangeError(`expected an address of at most ${MAX_ADDRESS_LENGTH} bytes, got ${address.length}`);
  }
  return address;
}

function ipv4Bytes(host: string): Uint8Array {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(host)) throw new RangeError(`expected an IPv4 address, got "${host}"`);
  return hostToBytes(host).slice(12);
}
