/**
 * Calling everybody, many at a time, with nothing but what the reader has written.
 */
import type { AddressTuple } from "../peer/address";
import { mapPool } from "./map-pool";
import { visit } from "../peer/handshake";
import type { Visit } from "../peer/visit";

/** The visits of all addresses, in their order, with at most `concurrency` sockets open. One that fails stops nobody: its error is in its visit. */
export function getVersionMessagesConcurrently(
  addresses: AddressTuple[],
  concurrency: number,
): Promise<Visit[]> {
  return mapPool(addresses, concurrency, visit);
}
