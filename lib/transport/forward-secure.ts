/**
 * The two ciphers of BIP 324, which change their key after every 224 packets. Whoever finds a key later
 * cannot read what was sent before the last change: keys do not lead back.
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#rekeying-wrappers-fschacha20poly1305-and-fschacha20
 * Both are ChaCha20 of RFC 8439, from Node's crypto. Both sides must use them equally often.
 */
import { type Cipher, createCipheriv } from "node:crypto";

/** Packets with the same key. */
export const REKEY_INTERVAL = 224;
/** Length of the tag that authenticates a packet, in bytes. */
export const TAG_LENGTH = 16;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
/** Instead of a packet's number in the nonce: what it encrypts is the next key. */
export const REKEY_NUMBER = 0xffffffff;

/**
 * Returns the nonce of a packet, which no other packet with the same key has: its number since the last
 * rekeying, in 4 bytes, and how many rekeyings there were, in 8.
 */
export function packetNonce(packet: number, rekeyings: bigint): Uint8Array {
  const nonce = Buffer.alloc(NONCE_LENGTH);
  nonce.writeUInt32LE(packet, 0);
  nonce.writeBigUInt64LE(rekeyings, 4);
  return nonce;
}

/** Encrypts and decrypts the lengths of packets, without authentication: FSChaCha20. */
export class FSChaCha20 {
  #stream: Cipher;
  #chunks = 0;
  #rekeyings = 0n;

  /** `key` has 32 bytes. */
  constructor(key: Uint8Array) {
    this.#stream = this.#start(key);
  }

  /** Returns the next chunk encrypted or decrypted, which are the same operation. */
  crypt(chunk: Uint8Array): Uint8Array {
    const result = this.#stream.update(chunk);
    if (++this.#chunks === REKEY_INTERVAL) this.#rekey();
    return result;
  }

  #rekey(): void {
    this.#chunks = 0;
    this.#rekeyings++;
    this.#stream = this.#start(this.#stream.update(new Uint8Array(KEY_LENGTH)));
  }

  #start(key: Uint8Array): Cipher {
    // OpenSSL's nonce has the number of the block before it, in 4 bytes: 0.
    const iv = Buffer.concat([Buffer.alloc(4), packetNonce(0, this.#rekeyings)]);
    return createCipheriv("chacha20", key, iv);
  }
}

/**
 * Returns the key that follows `key`: what this makes of 32 zero bytes, with a nonce that no packet has.
 * `rekeyings` is how many keys there were before `key`.
 */
export function nextKey(key: Uint8Array, rekeyings: bigint): Uint8Array {
  const nonce = packetNonce(REKEY_NUMBER, rekeyings);
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_LENGTH });
  return cipher.update(new Uint8Array(key.length));
}

/** The key and the nonce of each packet in turn: what FSChaCha20Poly1305 adds to ChaCha20-Poly1305. */
export class PacketKeys {
  #key: Uint8Array;
  #packets = 0;
  #rekeyings = 0n;

  /** `key` has 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Returns what `work` makes of the next packet's key and nonce. If it throws, the packet does not count. */
  use<T>(work: (key: Uint8Array, nonce: Uint8Array) => T): T {
    const result = work(this.#key, packetNonce(this.#packets, this.#rekeyings));
    if (++this.#packets === REKEY_INTERVAL) this.#rekey();
    return result;
  }

  #rekey(): void {
    this.#key = nextKey(this.#key, this.#rekeyings);
    this.#packets = 0;
    this.#rekeyings++;
  }
}
