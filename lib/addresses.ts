/**
 * Where a node is: a host and a port, as text and as a pair.
 *
 * The bitnodes API writes `1.2.3.4:8333`, `[2001:db8::1]:8333` and `….onion:8333`; older lists
 * write IPv6 without brackets, so it is always the last colon that separates the port.
 */
import { isIPv6 } from "node:net";
import type { Nodes } from "./bitnodes";

/** A host without brackets, and a port from 1 to 65535. */
export type AddressTuple = [host: string, port: number];

/** The addresses of a snapshot as its keys write them: `["1.2.3.4:8333", …]`. */
export function nodesToAddressStrings(nodes: Nodes): string[] {
  return Object.keys(nodes);
}

/** The addresses of a snapshot as `[host, port]`, in the order of its keys. Throws an Error that names a key it cannot read. */
export function nodesToAddressTuples(nodes: Nodes): AddressTuple[] {
  return Object.keys(nodes).map((key) => {
    const colon = key.lastIndexOf(":");
    const host = key.slice(0, Math.max(colon, 0)).replace(/^\[(.*:.*)\]$/, "$1");
    const digits = key.slice(colon + 1);
    const port = Number(digits);
    if (!isHost(host) || !/^\d+$/.test(digits) || port < 1 || port > 65535) {
      throw new Error(`expected an address like 1.2.3.4:8333, got "${key}"`);
    }
    return [host, port];
  });
}

/** Whether this can be a host: IPv6 if there are colons in it, else any text without spaces and brackets. */
function isHost(host: string): boolean {
  return host.includes(":") ? isIPv6(host) : /^[^\s[\]]+$/.test(host);
}

/** The way back: `1.2.3.4:8333`, `[2001:db8::1]:8333`. */
export function addressString([host, port]: AddressTuple): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
