/**
 * Key pairs whose public key looks like random bytes, and the secret that two of them share.
 *
 * A public key of secp256k1 is half of all numbers of 32 bytes, so a caller that sends one can be told from
 * noise. ElligatorSwift writes it as 64 bytes, each of which may be any byte, and any 64 bytes are a key.
 * https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#elligatorswift-encoding-of-curve-x-coordinates
 *
 * The encoding is @scure/btc-signer's. What works with the private key is OpenSSL's, in constant time.
 */
import { createECDH, type ECDH } from "node:crypto";
import { toHex } from "../wire/bytes";

/** Length of a public key in ElligatorSwift, in bytes. */
export const KEY_LENGTH = 64;

/** What we call of @scure/btc-signer, written out: the compiler of the cells is older than its types. */
interface ElligatorSwift {
  encode(x: bigint): Uint8Array;
  decode(encoding: Uint8Array): Uint8Array;
}

let loaded: ElligatorSwift | undefined;

/**
 * Returns the ElligatorSwift of @scure/btc-signer. It is loaded at the first call: most programs need none.
 *
 * @throws RangeError if this Node.js cannot load it.
 */
function elligatorSwift(): ElligatorSwift {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    loaded ??= (require("@scure/btc-signer/p2p.js") as { elligatorSwift: ElligatorSwift }).elligatorSwift;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_REQUIRE_ESM") throw cause;
    const message = `expected Node.js 20.19 or newer for BIP 324, got ${process.version}: update Node.js, or do without v2`;
    throw new RangeError(message, { cause });
  }
  return loaded;
}

/**
 * Checks that this Node.js can speak v2, before a connection depends on it.
 *
 * @throws RangeError if it cannot.
 */
export function requireV2(): void {
  elligatorSwift();
}

/**
 * Returns the x coordinate that 64 bytes stand for, in 32 bytes. Any 64 bytes stand for one.
 *
 * @throws RangeError if there are not 64 bytes.
 */
export function decodeKey(key: Uint8Array): Uint8Array {
  requireKeyLength(key);
  return elligatorSwift().decode(key);
}

function requireKeyLength(key: Uint8Array): void {
  if (key.length === KEY_LENGTH) return;
  throw new RangeError(`expected a public key of ${KEY_LENGTH} bytes, got ${key.length}`);
}

/** A private key, which does not leave this object, and its public key in ElligatorSwift. */
export class KeyPair {
  readonly #ecdh: ECDH;

  private constructor(
    ecdh: ECDH,
    /** What the other side gets: 64 bytes. The same private key has very many such keys. */
    readonly publicKey: Uint8Array,
  ) {
    this.#ecdh = ecdh;
  }

  /** Makes a new pair at random. */
  static generate(): KeyPair {
    const ecdh = createECDH("secp256k1");
    ecdh.generateKeys();
    return new KeyPair(ecdh, encodeKey(ecdh));
  }

  /**
   * Returns the pair of a private key of 32 bytes, with the encoding of its public key or a new one.
   *
   * @throws RangeError if the private key is none, or if the public key is not its own.
   */
  static fromPrivateKey(privateKey: Uint8Array, publicKey?: Uint8Array): KeyPair {
    const ecdh = createECDH("secp256k1");
    try {
      ecdh.setPrivateKey(privateKey);
    } catch {
      // The error of OpenSSL is not passed on, lest it have the key in it.
      throw new RangeError("expected a private key of secp256k1: 32 bytes, from 1 to the order of the curve");
    }
    if (publicKey && toHex(decodeKey(publicKey)) !== toHex(publicX(ecdh))) {
      throw new RangeError("expected the public key of that private key, got another one");
    }
    return new KeyPair(ecdh, publicKey ?? encodeKey(ecdh));
  }

  /**
   * Returns the x coordinate of the point that both sides get by their own private key and the other's
   * public key: 32 bytes, to be kept secret.
   */
  sharedX(theirPublicKey: Uint8Array): Uint8Array {
    // Either of the two points with that x will do: their products have the same x.
    const point = new Uint8Array(33);
    point[0] = 2;
    point.set(decodeKey(theirPublicKey), 1);
    return this.#ecdh.computeSecret(point);
  }
}

function publicX(ecdh: ECDH): Buffer {
  return ecdh.getPublicKey(null, "compressed").subarray(1);
}

function encodeKey(ecdh: ECDH): Uint8Array {
  return elligatorSwift().encode(BigInt(`0x${publicX(ecdh).toString("hex")}`));
}
