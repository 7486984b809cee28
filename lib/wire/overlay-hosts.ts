/**
 * Names of nodes that are reached through Tor and I2P, and the bytes that stand for them in messages.
 *
 * Tor v3: https://spec.torproject.org/rend-spec/encoding-onion-addresses.html
 * I2P: https://geti2p.net/en/docs/naming#base32
 * Tor v2 is no more, but `addr` has a place for it, inside of IPv6: OnionCat's fd87:d87e:eb43::/48.
 */
import { base32nopad } from "@scure/base";
import { createHash } from "node:crypto";
import { concat } from "./bytes";

/** The first six bytes of an IPv6 address that stands for a Tor v2 service. */
const ONION_CAT = Uint8Array.of(0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43);
const TOR_V3 = Uint8Array.of(3);
const TOR_V3_LENGTH = 32;

/** 10 bytes as `expyuzz4wqqyqhjn.onion`. */
export function torV2Host(id: Uint8Array): string {
  return `${base32(id)}.onion`;
}

/** The 10 bytes of a Tor v2 name. Throws a RangeError if it is not one. */
export function torV2Bytes(host: string): Uint8Array {
  return bytesOfName(host, /^([a-z2-7]{16})\.onion$/i, "a Tor v2 name");
}

/** A public key of 32 bytes as a Tor v3 name: 56 characters that hold key, checksum and version, and `.onion`. */
export function torV3Host(publicKey: Uint8Array): string {
  return `${base32(concat([publicKey, torV3Checksum(publicKey), TOR_V3]))}.onion`;
}

/** The public key in a Tor v3 name. Throws a RangeError if it is not one, or has another checksum or version. */
export function torV3Bytes(host: string): Uint8Array {
  const publicKey = bytesOfName(host, /^([a-z2-7]{56})\.onion$/i, "a Tor v3 name").slice(0, TOR_V3_LENGTH);
  const right = torV3Host(publicKey);
  if (right !== host.toLowerCase()) {
    throw new RangeError(`expected a Tor v3 name with its checksum, ${right}, got "${host}"`);
  }
  return publicKey;
}

/** A SHA-256 hash as an I2P name: 52 characters and `.b32.i2p`. */
export function i2pHost(hash: Uint8Array): string {
  return `${base32(hash)}.b32.i2p`;
}

/** The hash in an I2P name. Throws a RangeError if it is not one. */
export function i2pBytes(host: string): Uint8Array {
  return bytesOfName(host, /^([a-z2-7]{52})\.b32\.i2p$/i, "an I2P name");
}

/** The Tor v2 name that an IPv6 address of 16 bytes stands for; undefined if it stands for none. */
export function onionCatHost(address: Uint8Array): string | undefined {
  if (ONION_CAT.some((byte, i) => address[i] !== byte)) return undefined;
  return torV2Host(address.subarray(ONION_CAT.length));
}

/** The IPv6 address, 16 bytes, that stands for a Tor v2 name. Throws a RangeError if it is not one. */
export function onionCatBytes(host: string): Uint8Array {
  return concat([ONION_CAT, torV2Bytes(host)]);
}

function base32(bytes: Uint8Array): string {
  return base32nopad.encode(bytes).toLowerCase();
}

function bytesOfName(host: string, pattern: RegExp, what: string): Uint8Array {
  const text = pattern.exec(host)?.[1];
  try {
    if (text) return base32nopad.decode(text.toUpperCase());
  } catch {
    // bits left over at the end that are not 0: no name either
  }
  throw new RangeError(`expected ${what}, got "${host}"`);
}

/** The first two bytes of SHA3-256 over a constant, the key and the version. */
function torV3Checksum(publicKey: Uint8Array): Uint8Array {
  const hash = createHash("sha3-256").update(".onion checksum").update(publicKey).update(TOR_V3);
  return Uint8Array.from(hash.digest().subarray(0, 2));
}
