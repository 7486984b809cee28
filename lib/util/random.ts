/**
 * Chance that comes out the same every time: a stream of numbers from a seed and a name.
 *
 * sfc32 of PractRand (https://pracrand.sourceforge.net/RNG_engines.txt), seeded from SHA-256. Each
 * aspect of the population has a stream of its own, so that a new aspect changes no old one.
 */
import { createHash } from "node:crypto";

/** Values with how often each occurs: `[["Hetzner", 879], ["OVH", 617]]`. */
export type Weighted<T> = readonly (readonly [value: T, weight: number])[];

/** Quantiles: at which probability which value, in order of probability. */
export type Quantiles = readonly (readonly [probability: number, value: number])[];

export class Random {
  private readonly state: Uint32Array;

  constructor(seed: number, stream: string) {
    const digest = createHash("sha256").update(`${seed}/${stream}`).digest();
    this.state = Uint32Array.from({ length: 4 }, (_, i) => digest.readUInt32LE(4 * i));
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    const s = this.state;
    const sum = (s[0] + s[1] + s[3]) >>> 0;
    s[3]++;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return sum / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** One of the values, as often as its weight says. */
  pick<T>(choices: Weighted<T>): T {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    return choices[choices.length - 1][0];
  }

  /** A value between two neighbouring quantiles, on a straight line; with `upTo`, of the values below that quantile. */
  quantile(quantiles: Quantiles, upTo = 1): number {
    const at = this.next() * upTo;
    const next = Math.max(
      1,
      quantiles.findIndex(([probability]) => probability >= at),
    );
    const [p0, v0] = quantiles[next - 1];
    const [p1, v1] = quantiles[next];
    return v0 + ((at - p0) / (p1 - p0)) * (v1 - v0);
  }

  /** `count` different whole numbers from `low` to `high`, in no order. */
  distinct(count: number, low: number, high: number): number[] {
    const all = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    for (let i = 0; i < count; i++) {
      const j = this.integer(i, all.length - 1);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all.slice(0, count);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.integer(0, 255));
  }
}

/** The quantiles of the profile, `{ "0": 2, "0.01": 28, … }`, in order. */
export function quantilesOf(recorded: Record<string, number>): Quantiles {
  return Object.entries(recorded)
    .map(([probability, value]) => [Number(probability), value] as const)
    .sort(([a], [b]) => a - b);
}
