/**
 * The checksum of a payload: the first four bytes of its double SHA-256.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#message-headers
 * Hashing takes most of the time of reading a message. So it is done with the one-shot `crypto.hash`
 * (Node.js 20.12 and later), and digests are text of one character per byte ("binary"): a Buffer made in
 * native code costs more than a short hash.
 */
import * as crypto from "node:crypto";

/** In bytes: of SHA-256, and of a checksum. */
const DIGEST_LENGTH = 32;
const CHECKSUM_LENGTH = 4;
/** Scratch buffer for the first digest. Sharing it is safe: it is written and hashed synchronously. */
const firstDigest = Buffer.alloc(DIGEST_LENGTH);

const sha256: (bytes: Uint8Array) => string =
  typeof crypto.hash === "function"
    ? (bytes) => crypto.hash("sha256", bytes, "binary")
    : (bytes) => crypto.createHash("sha256").update(bytes).digest("binary");

/** Returns whether the double SHA-256 of a payload begins with the four bytes of `expected`. */
export function hasChecksum(payload: Uint8Array, expected: Uint8Array): boolean {
  const digest = doubleSha256(payload);
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    if (digest.charCodeAt(i) !== expected[i]) return false;
  }
  return true;
}

/** Returns the first 4 bytes of the payload's double SHA-256. */
export function checksum(payload: Uint8Array): Uint8Array {
  const digest = doubleSha256(payload);
  return Uint8Array.from({ length: CHECKSUM_LENGTH }, (_, i) => digest.charCodeAt(i));
}

function doubleSha256(payload: Uint8Array): string {
  firstDigest.write(sha256(payload), "binary");
  return sha256(firstDigest);
}
