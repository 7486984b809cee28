/**
 * Visits many peers at a time, with only what the learner has written by lesson 6.
 */
import type { AddressTuple } from "../peer/address";
import { mapPool } from "./map-pool";
import { visit } from "../peer/handshake";
import type { Visit } from "../peer/visit";

/**
 * Visits all addresses, with at most `concurrency` sockets open, and returns the visits in the order of the
 * addresses. A failed visit has an `error` and does not stop the others.
 */
export function getVersionMessagesConcurrently(
  addresses: AddressTuple[],
  concurrency: number,
): Promise<Visit[]> {
  return mapPool(addresses, concurrency, visit);
}
