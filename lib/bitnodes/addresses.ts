import { type AddressTuple, parseAddress } from "../peer/address";
import type { Nodes } from "./api";

/** The addresses of a snapshot as its keys write them: `["1.2.3.4:8333", …]`. */
export function nodesToAddressStrings(nodes: Nodes): string[] {
  return Object.keys(nodes);
}

/** The addresses of a snapshot as `[host, port]`, in the order of its keys. Throws an Error that names a key it cannot read. */
export function nodesToAddressTuples(nodes: Nodes): AddressTuple[] {
  return Object.keys(nodes).map(parseAddress);
}
