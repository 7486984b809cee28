/**
 * The two ciphers of BIP 324, which change their key after every 224 packets. Whoever finds a key later
 * cannot read what was sent before the last change: keys do not lead back.
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#rekeying-wrappers-fschacha20poly1305-and-fschacha20
 * Both are ChaCha20 of RFC 8439, from Node's crypto. Both sides must use them equally often.
 */
import { type Cipher, createCipheriv, createDecipheriv } from "node:crypto";
import { ProtocolError } from "../wire/errors";

/** Packets with the same key. */
export const REKEY_INTERVAL = 224;
/** Length of the tag that authenticates a packet, in bytes. */
export const TAG_LENGTH = 16;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const NO_BYTES = new Uint8Array(0);
/** Instead of a packet's number in the nonce: what it encrypts is the next key. */
const REKEY_NUMBER = 0xffffffff;

/** Returns the nonce of a packet: its number since the last rekeying, and how many of these there were. */
function nonceOf(packet: number, rekeyings: bigint): Buffer {
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
    const iv = Buffer.concat([Buffer.alloc(4), nonceOf(0, this.#rekeyings)]);
    return createCipheriv("chacha20", key, iv);
  }
}

/** Encrypts or decrypts packets, with authentication: FSChaCha20Poly1305. */
export class FSChaCha20Poly1305 {
  #key: Uint8Array;
  #packets = 0;
  #rekeyings = 0n;

  /** `key` has 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Returns the next packet encrypted, and its tag. `aad` is authenticated with it, and not sent. */
  encrypt(plaintext: Uint8Array, aad: Uint8Array = NO_BYTES): Uint8Array {
    const sealed = this.#seal(nonceOf(this.#packets, this.#rekeyings), plaintext, aad);
    this.#count();
    return sealed;
  }

  /**
   * Returns the next packet decrypted. `sealed` ends with its tag.
   *
   * @throws ProtocolError BAD_TAG if it is not what the other side sent, or not with this `aad`.
   */
  decrypt(sealed: Uint8Array, aad: Uint8Array = NO_BYTES): Uint8Array {
    const end = sealed.length - TAG_LENGTH;
    const nonce = nonceOf(this.#packets, this.#rekeyings);
    const decipher = createDecipheriv("chacha20-poly1305", this.#key, nonce, { authTagLength: TAG_LENGTH });
    try {
      decipher.setAuthTag(sealed.subarray(end));
      decipher.setAAD(aad, { plaintextLength: end });
      const plaintext = decipher.update(sealed.subarray(0, end));
      decipher.final();
      this.#count();
      return plaintext;
    } catch {
      const message = `packet of ${sealed.length} bytes: expected a tag that authenticates it, got another one`;
      throw new ProtocolError("BAD_TAG", message);
    }
  }

  #seal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
    const cipher = createCipheriv("chacha20-poly1305", this.#key, nonce, { authTagLength: TAG_LENGTH });
    cipher.setAAD(aad, { plaintextLength: plaintext.length });
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  #count(): void {
    if (++this.#packets < REKEY_INTERVAL) return;
    const nonce = nonceOf(REKEY_NUMBER, this.#rekeyings);
    this.#key = this.#seal(nonce, new Uint8Array(KEY_LENGTH), NO_BYTES).subarray(0, KEY_LENGTH);
    this.#packets = 0;
    this.#rekeyings++;
  }
}
