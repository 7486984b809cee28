/**
 * The checksum of a payload: the first four bytes of its double SHA-256.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#message-headers
 * `checksum` computes it. `hasChecksum` compares faster, since comparing takes most of the time of
 * reading a message. It uses the one-shot `crypto.hash` (Node.js 20.12 and later), and digests as text
 * of one character per byte ("binary"): a Buffer made in native code costs more than a short hash.
 */
import * as crypto from "node:crypto";
import { createHash } from "node:crypto";

/** Of SHA-256, in bytes. */
const DIGEST_LENGTH = 32;
/** Scratch buffer for the first digest. Sharing it is safe: it is written and hashed synchronously. */
const firstDigest = Buffer.alloc(DIGEST_LENGTH);

const sha256: (bytes: Uint8Array) => string =
  typeof crypto.hash === "function"
    ? (bytes) => crypto.hash("sha256", bytes, "binary")
    : (bytes) => crypto.createHash("sha256").update(bytes).digest("binary");

/** Returns whether the double SHA-256 of a payload begins with the four bytes of `expected`. */
export function hasChecksum(payload: Uint8Array, expected: Uint8Array): boolean {
  firstDigest.write(sha256(payload), "binary");
  const secondDigest = sha256(firstDigest);
  for (let i = 0; i < 4; i++) {
    if (secondDigest.charCodeAt(i) !== expected[i]) return false;
  }
  return true;
}

/** Returns the first 4 bytes of the payload's double SHA-256. */
export function checksum(payload: Uint8Array): Uint8Array {
  const once = createHash("sha256").update(payload).digest();
  const twice = createHash("sha256").update(once).digest();
  return new Uint8Array(twice.subarray(0, 4));
}
