/**
 * A short key for each address, by which a crawl recognizes one that it has heard of before.
 *
 * A crawl hears of each address hundreds of times. So its key is made of the bytes of the message, without
 * making text of them.
 */
import { isIPv4, isIPv6 } from "node:net";
import { hostToBytes } from "./network-address";
import { i2pBytes, torV3Bytes } from "./overlay-hosts";

/** Tells a host and port apart from all others: a number for IPv4, or else text. */
export type AddressKey = number | string;

/** Length of an IP address and a port, in bytes. */
const IP_LENGTH = 16;
const PORT_LENGTH = 2;
/** The port that most nodes have: with it the key of an IPv4 address is an integer of 32 bits, the cheapest kind. */
const USUAL_PORT = 8333;
/** The keys of IPv4 addresses with other ports begin here. */
const FIRST_WITH_PORT = 2 ** 48;

/** Returns the key of an address: the same for all its spellings, and in `addr` and `addrv2`. */
export function addressKey({ host, port }: { host: string; port: number }): AddressKey {
  if (isIPv4(host)) {
    const [a, b, c, d] = host.split(".");
    return ipv4KeyOf(Number(a), Number(b), Number(c), Number(d), port);
  }
  if (isIPv6(host)) return ipKey(withPort(hostToBytes(host), port), 0);
  const bytes = overlayBytes(host);
  return bytes ? overlayKey(withPort(bytes, port), 0, bytes.length) : `${host.toLowerCase()}:${port}`;
}

/** Returns the key of the IP address and port at `offset`, 18 bytes: for IPv4 a number. */
export function ipKey(bytes: Buffer, offset: number): AddressKey {
  return isIPv4Mapped(bytes, offset)
    ? ipv4Key(bytes, offset + 12)
    : bytes.toString("latin1", offset, offset + IP_LENGTH + PORT_LENGTH);
}

/** Returns whether the 16 bytes at `offset` are an IPv4-mapped IPv6 address. */
function isIPv4Mapped(bytes: Uint8Array, offset: number): boolean {
  if (bytes[offset + 10] !== 0xff || bytes[offset + 11] !== 0xff) return false;
  // Not as a loop, which would take half of the time of reading an address.
  const first = bytes[offset] | bytes[offset + 1] | bytes[offset + 2] | bytes[offset + 3] | bytes[offset + 4];
  const next = bytes[offset + 5] | bytes[offset + 6] | bytes[offset + 7] | bytes[offset + 8];
  return (first | next | bytes[offset + 9]) === 0;
}

/** Returns the key of the IPv4 address and port at `offset`, 6 bytes. */
export function ipv4Key(bytes: Uint8Array, offset: number): number {
  const port = (bytes[offset + 4] << 8) | bytes[offset + 5];
  return ipv4KeyOf(bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3], port);
}

function ipv4KeyOf(a: number, b: number, c: number, d: number, port: number): number {
  const address = (a << 24) | (b << 16) | (c << 8) | d;
  return port === USUAL_PORT ? address : FIRST_WITH_PORT + (address >>> 0) * 65_536 + port;
}

/**
 * Returns the key of the address of `length` bytes, and the port, at `offset`. A public key of Tor and a hash
 * of I2P have the same length, 32 bytes: too many for two of them to be equal by chance.
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
