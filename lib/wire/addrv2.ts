/**
 * The payload of `addrv2`: other nodes that the sender knows of, in any network.
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0155.mediawiki
 * As BIP 155 wants it, more than 1000 addresses, one of more than 512 bytes, and one of the wrong
 * length for its network are errors. Bitcoin Core drops addresses of networks that it does not know;
 * we keep them, their bytes in hexadecimal for a host. It ignores Tor v2, and IPv6 addresses that
 * stand for IPv4 or Tor: we report them as they were sent.
 */
import { addressesToBytes, type KnownAddress, readAddresses } from "./addr";
import { ByteReader, ByteWriter, fromHex, toHex } from "./bytes";
import { hostFromBytes, hostToBytes } from "./network-address";
import { i2pBytes, i2pHost, torV2Bytes, torV2Host, torV3Bytes, torV3Host } from "./overlay-hosts";
import { keepUnread, withTrailingBytes } from "./trailing-bytes";
import { readVarBigInt, readVarInt, writeVarBigInt, writeVarInt } from "./var-int";
import { ProtocolError } from "./errors";

/** Longest address of any network, in bytes (MAX_ADDRV2_SIZE in Bitcoin Core's netaddress.h). */
export const MAX_ADDRESS_LENGTH = 512;

interface AddressNetwork {
  name: string;
  /** Of its addresses, in bytes. */
  length: number;
  hostOf(address: Uint8Array): string;
  /** Throws a RangeError if the host is not one of this network. */
  bytesOf(host: string): Uint8Array;
}

/** The networks of BIP 155 by their number, those that Bitcoin Core has known. */
export const ADDRESS_NETWORKS: Readonly<Record<number, AddressNetwork>> = {
  1: { name: "IPv4", length: 4, hostOf: (address) => address.join("."), bytesOf: ipv4Bytes },
  2: { name: "IPv6", length: 16, hostOf: hostFromBytes, bytesOf: hostToBytes },
  3: { name: "Tor v2", length: 10, hostOf: torV2Host, bytesOf: torV2Bytes },
  4: { name: "Tor v3", length: 32, hostOf: torV3Host, bytesOf: torV3Bytes },
  5: { name: "I2P", length: 32, hostOf: i2pHost, bytesOf: i2pBytes },
  6: { name: "CJDNS", length: 16, hostOf: hostFromBytes, bytesOf: hostToBytes },
};

/** A node that somebody has heard of, in any network. */
export interface KnownAddressV2 extends KnownAddress {
  /** 1 IPv4, 2 IPv6, 3 Tor v2, 4 Tor v3, 5 I2P, 6 CJDNS; of any other the host is the address in hexadecimal. */
  networkId: number;
}

export class AddrV2Message {
  constructor(readonly addresses: readonly KnownAddressV2[]) {}

  /**
   * Reads a payload. Throws OVERSIZED if there are more than 1000 addresses or one has more than 512
   * bytes, MALFORMED if one has not the length that its network wants, or if the payload ends early.
   */
  static fromBytes(payload: Uint8Array): AddrV2Message {
    const reader = new ByteReader(payload);
    return keepUnread(new AddrV2Message(readAddresses(reader, readKnownAddress)), reader);
  }

  get command(): "addrv2" {
    return "addrv2";
  }

  /** The payload. Throws a RangeError if there are too many addresses, or if one cannot be written. */
  toBytes(): Uint8Array {
    return withTrailingBytes(this, addressesToBytes(this.addresses, writeKnownAddress));
  }
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
  const address = reader.read(length, "address");
  return network ? network.hostOf(address) : toHex(address);
}

function writeKnownAddress(writer: ByteWriter, known: KnownAddressV2): void {
  const address = addressBytes(known);
  writer.writeUInt32LE(known.time);
  writeVarBigInt(writer, known.services);
  writer.writeUInt8(known.networkId);
  writeVarInt(writer, address.length);
  writer.write(address).writeUInt16BE(known.port);
}

function addressBytes({ networkId, host }: KnownAddressV2): Uint8Array {
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
