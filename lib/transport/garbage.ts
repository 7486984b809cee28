/**
 * Garbage: random bytes after the public key, so that the first bytes of a connection have no length by which
 * it could be recognised. A terminator that only the two sides know says where it ends.
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#overview-of-the-handshake
 */
import { randomBytes, randomInt } from "node:crypto";
import { ProtocolError } from "../wire/errors";

/** Maximum length of garbage, in bytes. */
export const MAX_GARBAGE_LENGTH = 4095;

/** Returns random garbage of a random length, up to the maximum: what Bitcoin Core sends. */
export function randomGarbage(): Uint8Array {
  return randomBytes(randomInt(MAX_GARBAGE_LENGTH + 1));
}

/**
 * Returns how long the garbage is at the start of `received`; undefined if its end has not arrived. The
 * terminator follows it. `searched` is how many bytes were there when it was last searched in vain.
 *
 * @throws ProtocolError NO_TERMINATOR if there is none after 4,095 bytes.
 */
export function findTerminator(
  received: Uint8Array,
  terminator: Uint8Array,
  searched: number = 0,
): number | undefined {
  const maxLength = MAX_GARBAGE_LENGTH + terminator.length;
  const bytes = Buffer.from(received.buffer, received.byteOffset, Math.min(received.length, maxLength));
  // A terminator may have begun in the bytes that were searched.
  const start = bytes.indexOf(terminator, Math.max(0, searched - terminator.length + 1));
  if (start >= 0) return start;
  if (received.length < maxLength) return undefined;
  throw new ProtocolError(
    "NO_TERMINATOR",
    `garbage: expected its terminator within ${maxLength} bytes, got ${received.length} bytes without it`,
  );
}
