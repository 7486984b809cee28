/**
 * A short key for each address, by which a crawl recognizes one that it has heard of before.
 *
 * A crawl hears of each address hundreds of times. So its key is made of the bytes of the message, without
 * making text of them.
 */
import { isIP } from "node:net";
import { hostToBytes } from "./network-address";
import { i2pBytes, torV3Bytes } from "./overlay-hosts";

/** Tells a host and port apart from all others: a number for IPv4, or else text. */
export type AddressKey = number | string;

/** Length of an IP address and a port, in bytes. */
const IP_LENGTH = 16;
const PORT_LENGTH = 2;

/** Returns the key of an address: the same for all its spellings, and in `addr` and `addrv2`. */
export function addressKey({ host, port }: { host: string; port: number }): AddressKey {
  if (isIP(host) !== 0) return ipKey(withPort(hostToBytes(host), port), 0);
  const bytes = overlayBytes(host);
  return bytes ? overlayKey(withPort(bytes, port), 0, bytes.length) : `${host.toLowerCase()}:${port}`;
}

/** Returns the key of the IP address and port at `offset`, 18 bytes: for IPv4 a number of 48 bits. */
export function ipKey(bytes: Buffer, offset: number): AddressKey {
  const isIPv4 =
    bytes.readUInt32BE(offset) === 0 &&
    bytes.readUInt32BE(offset + 4) === 0 &&
    bytes.readUInt32BE(offset + 8) === 0xffff;
  if (isIPv4) return ipv4Key(bytes, offset + 12);
  return bytes.toString("latin1", offset, offset + IP_LENGTH + PORT_LENGTH);
}

/** Returns the key of the IPv4 address and port at `offset`, 6 bytes. */
export function ipv4Key(bytes: Buffer, offset: number): AddressKey {
  return bytes.readUIntBE(offset, 6);
}

/**
 * Returns the key of the address of `length` bytes, and the port, at `offset`. A public key of Tor and a hash
 * of I2P have the same length: they are the same by chance in no network that one can build.
 */
export function overlayKey(bytes: Buffer, offset: number, length: number): AddressKey {
  return bytes.toString("latin1", offset, offset + length + PORT_LENGTH);
}

/** Returns the bytes in a name of Tor v3 or I2P; undefined if it is none. */
function overlayBytes(host: string): Uint8Array | undefined {
  try {
    return host.toLowerCase().endsWith(".onion") ? torV3Bytes(host) : i2pBytes(host);
  } catch {
    return undefined;
  }
}

function withPort(address: Uint8Array, port: number): Buffer {
  const bytes = Buffer.alloc(address.length + PORT_LENGTH);
  bytes.set(address);
  bytes.writeUInt16BE(port, address.length);
  return bytes;
}
