/**
 * The check that every message goes through, and that takes most of the time of reading one.
 *
 * It says the same as comparing with `checksum` (packet.ts). Two things make it faster: Node.js's
 * one-shot hash, where there is one (20.12), and digests that come as text of a character a byte
 * ("binary"), since a Buffer that is made in native code costs more than hashing a short message.
 */
import * as crypto from "node:crypto";
import { createHash } from "node:crypto";

const DIGEST_LENGTH = 32;
/** The first digest: one for all, since nothing else happens between writing and hashing it. */
const once = Buffer.alloc(DIGEST_LENGTH);

const sha256: (bytes: Uint8Array) => string =
  typeof crypto.hash === "function"
    ? (bytes) => crypto.hash("sha256", bytes, "binary")
    : (bytes) => crypto.createHash("sha256").update(bytes).digest("binary");

/** Whether the double SHA-256 of a payload begins with these four bytes. */
export function hasChecksum(payload: Uint8Array, expected: Uint8Array): boolean {
  once.write(sha256(payload), "binary");
  const twice = sha256(once);
  for (let i = 0; i < 4; i++) {
    if (twice.charCodeAt(i) !== expected[i]) return false;
  }
  return true;
}

/** The first 4 bytes of the payload's double SHA-256. */
export function checksum(payload: Uint8Array): Uint8Array {
  const once = createHash("sha256").update(payload).digest();
  const twice = createHash("sha256").update(once).digest();
  return new Uint8Array(twice.subarray(0, 4));
}
