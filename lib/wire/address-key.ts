/**
 * A short key for each address, by which a crawl recognizes one that it has heard of before.
 *
 * A crawl hears of each address hundreds of times. So its key is a number made of the bytes of the message, without
 * making text of them. For IPv4 the number is the address and port. For others it is a hash with secret factors
 * (universal hashing, Carter and Wegman 1979): two addresses have the same one with a probability of 2^-52, whoever
 * chooses them.
 */
import { randomInt } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { hostToBytes, isIPv4Mapped } from "./network-address";
import { NETWORK_ID } from "./network-id";
import { i2pBytes, torV3Bytes } from "./overlay-hosts";

/**
 * Tells a host and port apart from all others, in this process: a number, or text if the host is neither an IP
 * address nor a name behind Tor or in I2P.
 */
export type AddressKey = number | string;

/** Length of an IP address and a port, in bytes. */
const IP_LENGTH = 16;
const PORT_LENGTH = 2;
/** Length of a public key of Tor, and of a hash of I2P. */
const OVERLAY_LENGTH = 32;
/** The port that most nodes have: with it the key of an IPv4 address is an integer of 32 bits, the cheapest kind. */
const USUAL_PORT = 8333;
/** The keys of IPv4 addresses with other ports begin here. */
const FIRST_WITH_PORT = 2 ** 48;
/** The lowest key of an IPv4 address. Those that are hashes are lower. */
const LOWEST_IPV4 = -(2 ** 31);

/** Returns the key of an address: the same for all its spellings, and in `addr` and `addrv2`. */
export function addressKey({ host, port }: { host: string; port: number }): AddressKey {
  if (isIPv4(host)) {
    const [a, b, c, d] = host.split(".");
    return ipv4KeyOf(Number(a), Number(b), Number(c), Number(d), port);
  }
  if (isIPv6(host)) return ipKey(withPort(hostToBytes(host), port), 0);
  return overlayKeyOf(host, port) ?? `${host.toLowerCase()}:${port}`;
}

/** Returns whether a key is that of an IPv4 address. */
export function isIPv4Key(key: AddressKey): boolean {
  return typeof key === "number" && key >= LOWEST_IPV4;
}

/** Returns the key of the IP address and port at `offset`, 18 bytes. CJDNS has IPv6 addresses. */
export function ipKey(bytes: Uint8Array, offset: number): number {
  return isIPv4Mapped(bytes, offset)
    ? ipv4Key(bytes, offset + 12)
    : hashOf(bytes, offset, IP_LENGTH + PORT_LENGTH, NETWORK_ID.ipv6);
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

/** Returns the key of the public key of Tor v3, and the port, at `offset`. */
export function torKey(bytes: Uint8Array, offset: number): number {
  return hashOf(bytes, offset, OVERLAY_LENGTH + PORT_LENGTH, NETWORK_ID.torV3);
}

/** Returns the key of the hash of I2P, and the port, at `offset`. */
export function i2pKey(bytes: Uint8Array, offset: number): number {
  return hashOf(bytes, offset, OVERLAY_LENGTH + PORT_LENGTH, NETWORK_ID.i2p);
}

/** Returns the key of a name of Tor v3 or I2P; undefined if it is none. */
function overlayKeyOf(host: string, port: number): number | undefined {
  const name = host.toLowerCase();
  try {
    if (name.endsWith(".onion")) return torKey(withPort(torV3Bytes(host), port), 0);
    return i2pKey(withPort(i2pBytes(host), port), 0);
  } catch {
    return undefined;
  }
}

/** For each pair of bytes two secret factors, and two more for the network. */
const FACTORS = Float64Array.from({ length: OVERLAY_LENGTH + PORT_LENGTH + 2 }, () => randomInt(2 ** 32));
/** A prime number. */
const MODULUS = 2 ** 31 - 1;
const LOWER_BITS = 2 ** 21;

/**
 * Returns a hash of `length` bytes, an even number of them, below `LOWEST_IPV4`.
 *
 * It is put together from two sums of pairs of bytes, each times a factor. A sum is less than 2^53, and so exact.
 */
function hashOf(bytes: Uint8Array, offset: number, length: number, networkId: number): number {
  let first = networkId * FACTORS[FACTORS.length - 2];
  let second = networkId * FACTORS[FACTORS.length - 1];
  for (let i = 0; i < length; i += 2) {
    const pair = (bytes[offset + i] << 8) | bytes[offset + i + 1];
    first += pair * FACTORS[i];
    second += pair * FACTORS[i + 1];
  }
  return LOWEST_IPV4 - 1 - (remainder(first) * LOWER_BITS + (remainder(second) % LOWER_BITS));
}

/** Returns `sum % MODULUS`: `%` itself takes several times as long for numbers above 2^31. */
function remainder(sum: number): number {
  return sum - Math.floor(sum / MODULUS) * MODULUS;
}

function withPort(address: Uint8Array, port: number): Buffer {
  const bytes = Buffer.alloc(address.length + PORT_LENGTH);
  bytes.set(address);
  bytes.writeUInt16BE(port, address.length);
  return bytes;
}
