/**
 * A set of addresses by their keys, made for a crawl that looks up each mention of one.
 *
 * Nearly all keys are numbers. They lie in one array, at a place that the number determines, or behind it if
 * others are there (open addressing, linear probing), and at least half of the places are free. So a look
 * costs one access to memory where a `Set` takes two or three, and millions of looks a fifth of the time.
 */
import { randomInt } from "node:crypto";
import type { AddressKey } from "../wire/address-key";

/** Places at first, a power of two. */
const FEWEST_PLACES = 1024;

export class KeySet {
  private readonly texts = new Set<string>();
  /** A key or `NaN` in each place. */
  private places = emptyPlaces(FEWEST_PLACES);
  private numbers = 0;
  /** Odd, and not known to those who choose addresses: they cannot choose them so that all want one place. */
  private readonly factor = randomInt(2 ** 31) * 2 + 1;

  get size(): number {
    return this.numbers + this.texts.size;
  }

  has(key: AddressKey): boolean {
    return typeof key === "number" ? this.places[this.placeOf(key)] === key : this.texts.has(key);
  }

  add(key: AddressKey): void {
    if (typeof key === "string") return void this.texts.add(key);
    const place = this.placeOf(key);
    if (this.places[place] === key) return;
    this.places[place] = key;
    if (2 * ++this.numbers > this.places.length) this.grow();
  }

  /** Returns the place that has this key, or else the free one that it would get. */
  private placeOf(key: number): number {
    const { places } = this;
    const last = places.length - 1;
    // `| 0` keeps the lower 32 bits: an IPv4 address, or a part of it and a port, and then the rest of it.
    const mixed = Math.imul((key | 0) ^ Math.imul((key / 2 ** 32) | 0, this.factor), this.factor);
    let place = (mixed ^ (mixed >>> 15)) & last;
    while (places[place] !== key && !Number.isNaN(places[place])) place = (place + 1) & last;
    return place;
  }

  private grow(): void {
    const keys = this.places;
    this.places = emptyPlaces(2 * keys.length);
    for (const key of keys) if (!Number.isNaN(key)) this.places[this.placeOf(key)] = key;
  }
}

function emptyPlaces(count: number): Float64Array {
  return new Float64Array(count).fill(NaN);
}
