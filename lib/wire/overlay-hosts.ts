/**
 * Host names in Tor and I2P, and the bytes that encode them in messages.
 *
 * Tor v3: https://spec.torproject.org/rend-spec/encoding-onion-addresses.html
 * I2P: https://geti2p.net/en/docs/naming#base32
 * Tor v2 no longer exists, but `addr` can still encode it in IPv6: OnionCat's fd87:d87e:eb43::/48.
 */
import { base32nopad } from "@scure/base";
import { createHash } from "node:crypto";
import { concat } from "./bytes";

/** The first six bytes of an IPv6 address that encodes a Tor v2 name. */
const ONION_CAT_PREFIX = Uint8Array.of(0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43);
/** The version byte in a Tor v3 name. */
const TOR_V3_VERSION = Uint8Array.of(3);
/** In bytes. */
const TOR_V3_KEY_LENGTH = 32;

/** Returns the Tor v2 name for an id of 10 bytes: `expyuzz4wqqyqhjn.onion`. */
export function torV2Host(id: Uint8Array): string {
  return `${base32(id)}.onion`;
}

/**
 * Returns the 10 bytes of a Tor v2 name.
 *
 * @throws RangeError if it is not one.
 */
export function torV2Bytes(host: string): Uint8Array {
  return bytesOfName(host, /^([a-z2-7]{16})\.onion$/i, "a Tor v2 name");
}

/** Returns the Tor v3 name for a public key of 32 bytes: 56 characters for key, checksum and version. */
export function torV3Host(publicKey: Uint8Array): string {
  return `${base32(concat([publicKey, torV3Checksum(publicKey), TOR_V3_VERSION]))}.onion`;
}

/**
 * Returns the public key in a Tor v3 name.
 *
 * @throws RangeError if it is not one, or if its checksum or version is wrong.
 */
export function torV3Bytes(host: string): Uint8Array {
  const bytes = bytesOfName(host, /^([a-z2-7]{56})\.onion$/i, "a Tor v3 name");
  const publicKey = bytes.slice(0, TOR_V3_KEY_LENGTH);
  const expected = torV3Host(publicKey);
  if (expected !== host.toLowerCase()) {
    throw new RangeError(`expected a Tor v3 name with its checksum, ${expected}, got "${host}"`);
  }
  return publicKey;
}

/** Returns the I2P name for a SHA-256 hash: 52 characters and `.b32.i2p`. */
export function i2pHost(hash: Uint8Array): string {
  return `${base32(hash)}.b32.i2p`;
}

/**
 * Returns the SHA-256 hash in an I2P name.
 *
 * @throws RangeError if it is not one.
 */
export function i2pBytes(host: string): Uint8Array {
  return bytesOfName(host, /^([a-z2-7]{52})\.b32\.i2p$/i, "an I2P name");
}

/** Returns the Tor v2 name that an IPv6 address of 16 bytes encodes, if it does. */
export function onionCatHost(address: Uint8Array): string | undefined {
  if (ONION_CAT_PREFIX.some((byte, i) => address[i] !== byte)) return undefined;
  return torV2Host(address.subarray(ONION_CAT_PREFIX.length));
}

/**
 * Returns the IPv6 address, 16 bytes, that encodes a Tor v2 name.
 *
 * @throws RangeError if it is not one.
 */
export function onionCatBytes(host: string): Uint8Array {
  return concat([ONION_CAT_PREFIX, torV2Bytes(host)]);
}

function base32(bytes: Uint8Array): string {
  return base32nopad.encode(bytes).toLowerCase();
}

function bytesOfName(host: string, pattern: RegExp, what: string): Uint8Array {
  const text = pattern.exec(host)?.[1];
  try {
    if (text) return base32nopad.decode(text.toUpperCase());
  } catch {
    // The unused bits at the end are not 0: this is not a name.
  }
  throw new RangeError(`expected ${what}, got "${host}"`);
}

/** Returns the first two bytes of SHA3-256 over a constant, the key and the version. */
function torV3Checksum(publicKey: Uint8Array): Uint8Array {
  const hash = createHash("sha3-256").update(".onion checksum").update(publicKey).update(TOR_V3_VERSION);
  return Uint8Array.from(hash.digest().subarray(0, 2));
}
