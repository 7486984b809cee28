/**
 * The packets of the encrypted transport: what one side seals, the other opens.
 *
 *  - 3 bytes: the length of the contents, encrypted
 *  - 1 byte: the header, of which bit 7 says that the packet is a decoy, to be ignored
 *  - the contents
 *  - 16 bytes: the tag, which authenticates header and contents
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#overall-packet-encryption-and-decryption-pseudocode
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { concat } from "../wire/bytes";
import { ProtocolError } from "../wire/errors";
import { FSChaCha20, PacketKeys, TAG_LENGTH } from "./forward-secure";
import type { DirectionKeys } from "./session-keys";

/** Length of the encrypted length, in bytes. */
export const LENGTH_LENGTH = 3;
const HEADER_LENGTH = 1;
/** What a packet has after its length and besides its contents, in bytes. */
export const PACKET_OVERHEAD = HEADER_LENGTH + TAG_LENGTH;
/** In the header: the packet is a decoy. */
export const IGNORE_BIT = 0x80;
/** The longest contents whose length fits into three bytes. No message is as long. */
const MAX_CONTENTS_LENGTH = 0xffffff;

/** Returns a packet without its length: header and contents encrypted, and the tag. */
function sealPacket(
  plaintext: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Returns the contents of a packet, which is given without its length, and whether it is a decoy.
 *
 * @throws ProtocolError BAD_TAG if it was not sealed with this key, nonce and `aad`, or has changed since.
 */
export function openPacket(
  sealed: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array = new Uint8Array(0),
): { contents: Uint8Array; ignore: boolean } {
  const end = sealed.length - TAG_LENGTH;
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_LENGTH });
  try {
    decipher.setAuthTag(sealed.subarray(end));
    decipher.setAAD(aad, { plaintextLength: end });
    const plaintext = decipher.update(sealed.subarray(0, end));
    decipher.final();
    return { contents: plaintext.subarray(1), ignore: (plaintext[0] & IGNORE_BIT) !== 0 };
  } catch {
    const message = `packet of ${sealed.length} bytes: expected a tag that authenticates it, got another one`;
    throw new ProtocolError("BAD_TAG", message);
  }
}

/** Seals what one side sends, in the order in which it is sent. */
export class PacketSealer {
  readonly #lengths: FSChaCha20;
  readonly #packets: PacketKeys;

  constructor(keys: DirectionKeys) {
    this.#lengths = new FSChaCha20(keys.length);
    this.#packets = new PacketKeys(keys.packet);
  }

  /**
   * Returns the bytes of the next packet: 20 more than its contents. `aad` is authenticated with it.
   *
   * @throws RangeError if the contents are too long.
   */
  seal(
    contents: Uint8Array,
    { aad, ignore = false }: { aad?: Uint8Array; ignore?: boolean } = {},
  ): Uint8Array {
    if (contents.length > MAX_CONTENTS_LENGTH) {
      const message = `expected contents of at most ${MAX_CONTENTS_LENGTH} bytes, got ${contents.length}`;
      throw new RangeError(message);
    }
    const length = Buffer.alloc(LENGTH_LENGTH);
    length.writeUIntLE(contents.length, 0, LENGTH_LENGTH);
    const header = Uint8Array.of(ignore ? IGNORE_BIT : 0);
    const plaintext = concat([header, contents]);
    const sealed = this.#packets.use((key, nonce) => sealPacket(plaintext, key, nonce, aad));
    return concat([this.#lengths.crypt(length), sealed]);
  }
}

/** Opens what the other side sends, in the order in which it arrives. */
export class PacketOpener {
  readonly #lengths: FSChaCha20;
  readonly #packets: PacketKeys;

  constructor(keys: DirectionKeys) {
    this.#lengths = new FSChaCha20(keys.length);
    this.#packets = new PacketKeys(keys.packet);
  }

  /**
   * Returns the length of the contents of the next packet, from its three bytes. It is not authenticated
   * before the packet is, so it is only good for waiting for that.
   */
  openLength(encrypted: Uint8Array): number {
    return Buffer.from(this.#lengths.crypt(encrypted)).readUIntLE(0, LENGTH_LENGTH);
  }

  /**
   * Returns the contents of the packet after that length, and whether it is to be ignored.
   *
   * @throws ProtocolError BAD_TAG if it is not what the other side sent.
   */
  open(sealed: Uint8Array, aad?: Uint8Array): { contents: Uint8Array; ignore: boolean } {
    return this.#packets.use((key, nonce) => openPacket(sealed, key, nonce, aad));
  }
}
