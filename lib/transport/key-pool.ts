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
