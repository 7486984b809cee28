/** Discoveries in tests, and their visits by address. */
import { discover, type DiscoverOptions } from "@course/lib/discovery";
import { type AddressTuple, nodeKey, type Visit } from "@course/lib/peer";
import { all } from "./visits";

/** Longer than any test: for tests that are not about time limits. */
export const timeoutMs = 60_000;

export type Found = Visit & { heardOf: number };

/** Returns all visits of a discovery that begins with these addresses. */
export async function discovered(seeds: AddressTuple[], options: DiscoverOptions = {}): Promise<Found[]> {
  return (await all(discover(seeds, 100, { timeoutMs, ...options }))) as Found[];
}

/** Returns the visit to a peer. */
export function visitOf(visits: readonly Found[], { address }: { address: AddressTuple }): Found {
  return visits.find((visit) => nodeKey(visit.address) === nodeKey(address))!;
}

/** Returns the addresses of visits as text, sorted. */
export function texts(visits: readonly Pick<Visit, "address">[]): string[] {
  return visits.map(({ address }) => nodeKey(address)).sort();
}
