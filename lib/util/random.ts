/**
 * Pseudorandom numbers that a seed and a name determine.
 *
 * The generator is sfc32 of PractRand (https://pracrand.sourceforge.net/RNG_engines.txt), seeded from
 * SHA-256. Each property of a population has a stream of its own, so adding one changes no other.
 */
import { createHash } from "node:crypto";

/** Values, and how often each occurs: `[["Hetzner", 879], ["OVH", 617]]`. */
export type Weighted<T> = readonly (readonly [value: T, weight: number])[];

/** The quantiles of a distribution, in order of probability. */
export type Quantiles = readonly (readonly [probability: number, value: number])[];

/** A stream of pseudorandom numbers. */
export class Random {
  private readonly state: Uint32Array;

  constructor(seed: number, stream: string) {
    const digest = createHash("sha256").update(`${seed}/${stream}`).digest();
    this.state = Uint32Array.from({ length: 4 }, (_, i) => digest.readUInt32LE(4 * i));
  }

  /** Returns a number from 0 up to, but not including, 1. */
  next(): number {
    const s = this.state;
    const sum = (s[0] + s[1] + s[3]) >>> 0;
    s[3]++;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return sum / 2 ** 32;
  }

  /** Returns true with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Returns a number from `low` up to, but not including, `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** Returns an integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** Returns one of the values, with a probability proportional to its weight. */
  pick<T>(choices: Weighted<T>): T {
    return valueAt(choices, this.next() * totalWeight(choices));
  }

  /**
   * Returns a value of the distribution, interpolated linearly between two neighbouring quantiles. With
   * `upTo`, only values below the quantile of that probability are returned.
   */
  quantile(quantiles: Quantiles, upTo = 1): number {
    return quantileAt(quantiles, this.next() * upTo);
  }

  /** Returns `count` different integers from `low` to `high`, both included, in random order. */
  distinct(count: number, low: number, high: number): number[] {
    const all = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    for (let i = 0; i < count; i++) {
      const j = this.integer(i, all.length - 1);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all.slice(0, count);
  }

  /** Returns `length` random bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.integer(0, 255));
  }
}

/** Returns the value of a distribution below which is the share `p`, interpolated between neighbouring quantiles. */
export function quantileAt(quantiles: Quantiles, p: number): number {
  let next = 1;
  while (next < quantiles.length - 1 && quantiles[next][0] < p) next++;
  const [p0, v0] = quantiles[next - 1];
  const [p1, v1] = quantiles[next];
  return v0 + ((p - p0) / (p1 - p0)) * (v1 - v0);
}

/** Returns the sum of all weights. */
export function totalWeight(choices: Weighted<unknown>): number {
  return choices.reduce((sum, [, weight]) => sum + weight, 0);
}

/** Returns the value at a place from 0 up to the total weight, of which each value takes as much as its weight. */
export function valueAt<T>(choices: Weighted<T>, place: number): T {
  let remaining = place;
  for (const [value, weight] of choices) {
    remaining -= weight;
    if (remaining < 0) return value;
  }
  return choices[choices.length - 1][0];
}

/** Returns the quantiles in an object like `{ "0": 2, "0.01": 28, … }`, in order of probability. */
export function quantilesOf(values: Record<string, number>): Quantiles {
  return Object.entries(values)
    .map(([probability, value]) => [Number(probability), value] as const)
    .sort(([a], [b]) => a - b);
}
