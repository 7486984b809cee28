/**
 * A set of addresses by their keys, made for a crawl that looks up each mention of one.
 *
 * The keys of addresses are numbers. They lie in arrays, at a place that the number determines, or behind it if others
 * are there (open addressing, linear probing), and at least half of the places are free. So a look costs one
 * access to memory where a `Set` takes two or three, and millions of looks a fifth of the time. Those of the usual
 * port are integers of 32 bits and have an array of their own, which is half as long: of a whole network it fits
 * into a processor's cache.
 */
import { randomInt } from "node:crypto";
import type { AddressKey } from "../wire/address-key";

/** Places at first, a power of two. */
const FEWEST_PLACES = 1024;

export class KeySet {
  private readonly integers = new NumberTable((length) => new Int32Array(length));
  private readonly others = new NumberTable((length) => new Float64Array(length));
  /** The keys that are no numbers, and 0. */
  private readonly rest = new Set<AddressKey>();

  get size(): number {
    return this.integers.size + this.others.size + this.rest.size;
  }

  has(key: AddressKey): boolean {
    if (typeof key === "string" || key === FREE) return this.rest.has(key);
    return (key | 0) === key ? this.integers.has(key) : this.others.has(key);
  }

  add(key: AddressKey): void {
    if (typeof key === "string" || key === FREE) this.rest.add(key);
    else if ((key | 0) === key) this.integers.add(key);
    else this.others.add(key);
  }
}

/** What is in a free place. */
const FREE = 0;

class NumberTable {
  size = 0;
  private places: Int32Array | Float64Array;
  /** Odd, and not known to those who choose addresses: they cannot choose them so that all want one place. */
  private readonly factor = randomInt(2 ** 31) * 2 + 1;

  constructor(private readonly empty: (length: number) => Int32Array | Float64Array) {
    this.places = empty(FEWEST_PLACES);
  }

  has(key: number): boolean {
    return this.places[this.placeOf(key)] === key;
  }

  add(key: number): void {
    const place = this.placeOf(key);
    if (this.places[place] === key) return;
    this.places[place] = key;
    if (2 * ++this.size > this.places.length) this.grow();
  }

  /** Returns the place that has this key, or else the free one that it would get. */
  private placeOf(key: number): number {
    const { places } = this;
    const last = places.length - 1;
    // `| 0` keeps the lower 32 bits, and then the rest: of an IPv4 address and a port, or of a hash.
    const mixed = Math.imul((key | 0) ^ Math.imul((key / 2 ** 32) | 0, this.factor), this.factor);
    let place = (mixed ^ (mixed >>> 15)) & last;
    while (places[place] !== key && places[place] !== FREE) place = (place + 1) & last;
    return place;
  }

  private grow(): void {
    const keys = this.places;
    this.places = this.empty(2 * keys.length);
    for (const key of keys) if (key !== FREE) this.places[this.placeOf(key)] = key;
  }
}
