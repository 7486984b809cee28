/** Two thousand made-up peers, each of which knows twenty others: from the first five all can be found. */
import type { AddressTuple } from "@course/lib/peer";

export const PEERS = 2000;
export const SEEDS = 5;
const KNOWN = 20;

export function peer(i: number): AddressTuple {
  return [`10.0.${i >> 8}.${i & 255}`, 8333];
}

export function numberOf([host]: AddressTuple): number {
  const [, , high, low] = host.split(".").map(Number);
  return 256 * high + low;
}

/** Whom a peer knows: its neighbours, which lead to everybody, and others here and there. */
export function known(i: number): AddressTuple[] {
  return Array.from({ length: KNOWN }, (_, k) => peer((k < 2 ? i * 2 + k + SEEDS : i * 31 + k * 97) % PEERS));
}
