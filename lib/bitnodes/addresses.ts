/** The addresses of a snapshot's nodes, as text and as pairs. */
import { type AddressTuple, parseAddress } from "../peer/address";
import type { Nodes } from "./api";

/** Returns the addresses of a snapshot as its keys: `["1.2.3.4:8333", …]`. */
export function nodesToAddressStrings(nodes: Nodes): string[] {
  return Object.keys(nodes);
}

/**
 * Returns the addresses of a snapshot as `[host, port]`, in the order of its keys.
 *
 * @throws Error that shows the key, if one is not an address.
 */
export function nodesToAddressTuples(nodes: Nodes): AddressTuple[] {
  return Object.keys(nodes).map(parseAddress);
}
