/**
 * The keys of one encrypted connection, derived from two key pairs.
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#keys-and-session-id-derivation
 */
import { createHash, hkdfSync } from "node:crypto";
import { concat } from "../wire/bytes";
import { MAGIC } from "../wire/packet";
import type { KeyPair } from "./elligator-swift";

/** Which side of a connection: who called, and who was called. */
export type Role = "initiator" | "responder";

/** The keys for what one side sends. All of it is secret. */
export interface DirectionKeys {
  /** Encrypts the lengths of packets: 32 bytes. */
  length: Uint8Array;
  /** Encrypts and authenticates the packets: 32 bytes. */
  packet: Uint8Array;
  /** Ends the garbage that this side sends: 16 bytes. */
  terminator: Uint8Array;
}

/** All that is derived from the shared secret. */
export interface SessionKeys {
  initiator: DirectionKeys;
  responder: DirectionKeys;
  /** The same on both sides, unless somebody sits between them: 32 bytes, to be compared. */
  sessionId: Uint8Array;
}

/** Length of a garbage terminator, in bytes. */
export const TERMINATOR_LENGTH = 16;

/** Returns the 32 bytes of secret that both sides share, and nobody who only listened. */
export function sharedSecret(ours: KeyPair, theirPublicKey: Uint8Array, role: Role): Uint8Array {
  const publicKeys = [ours.publicKey, theirPublicKey];
  if (role === "responder") publicKeys.reverse(); // the initiator's comes first on both sides
  return taggedHash("bip324_ellswift_xonly_ecdh", [...publicKeys, ours.sharedX(theirPublicKey)]);
}

/** Returns a hash that nothing else has by accident, because its purpose is hashed with it (BIP 340). */
function taggedHash(tag: string, parts: readonly Uint8Array[]): Uint8Array {
  const purpose = createHash("sha256").update(tag).digest();
  return createHash("sha256")
    .update(concat([purpose, purpose, ...parts]))
    .digest();
}

/** Returns the keys of a session on Bitcoin's main network, from its shared secret. */
export function deriveKeys(secret: Uint8Array): SessionKeys {
  const salt = concat([Buffer.from("bitcoin_v2_shared_secret"), MAGIC]);
  const derive = (info: string) => new Uint8Array(hkdfSync("sha256", secret, salt, info, 32));
  const terminators = derive("garbage_terminators");
  const direction = (role: Role, terminator: Uint8Array): DirectionKeys => ({
    length: derive(`${role}_L`),
    packet: derive(`${role}_P`),
    terminator,
  });
  return {
    initiator: direction("initiator", terminators.subarray(0, TERMINATOR_LENGTH)),
    responder: direction("responder", terminators.subarray(TERMINATOR_LENGTH)),
    sessionId: derive("session_id"),
  };
}
