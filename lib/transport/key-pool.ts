/**
 * Key pairs for many calls. Making one costs as much as all other work of a handshake together, most of it for
 * an encoding that looks like noise. So each serves for some calls.
 *
 * Each call has keys of its own all the same, because the peer's key is a new one. What is lost: whoever
 * watches several peers sees that one caller called them, which a crawler does not hide.
 */
import { KeyPair } from "./elligator-swift";

/** Calls with the same pair. From here on, making pairs is less than a tenth of the work. */
const USES = 16;

export class KeyPool {
  #current: KeyPair | undefined;
  #uses = 0;

  /** Returns a pair for one call: a new one after every 16 calls. */
  take(): KeyPair {
    if (!this.#current || this.#uses === USES) {
      this.#current = KeyPair.generate();
      this.#uses = 0;
    }
    this.#uses++;
    return this.#current;
  }
}

/** Pairs of all peers of a practice network. */
const PAIRS = 64;

/**
 * Key pairs for the other side of many calls, one after the other, and then from the first again. So callers
 * who use a pair for some calls in a row get another one of ours each time, and no two calls the same keys.
 */
export class KeyRing {
  readonly #pairs: KeyPair[] = [];
  #next = 0;

  /** Returns a pair for one call. */
  take(): KeyPair {
    const index = this.#next++ % PAIRS;
    return (this.#pairs[index] ??= KeyPair.generate());
  }
}
