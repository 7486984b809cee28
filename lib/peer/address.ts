/**
 * Where a node is: a host and a port, as text and as a pair.
 *
 * The bitnodes API writes `1.2.3.4:8333`, `[2001:db8::1]:8333` and `….onion:8333`; older lists
 * write IPv6 without brackets, so it is always the last colon that separates the port.
 */
import { isIPv6 } from "node:net";

/** A host without brackets, and a port from 1 to 65535. */
export type AddressTuple = [host: string, port: number];

/** The address that `text` is: `1.2.3.4:8333`, `[2001:db8::1]:8333`, or IPv6 without brackets. Throws an Error that names it if it is none. */
export function parseAddress(text: string): AddressTuple {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*:.*)\]$/, "$1");
  const digits = text.slice(colon + 1);
  const port = Number(digits);
  if (!isHost(host) || !/^\d+$/.test(digits) || port < 1 || port > 65535) {
    throw new Error(`expected an address like 1.2.3.4:8333, got "${text}"`);
  }
  return [host, port];
}

/** Whether this can be a host: IPv6 if there are colons in it, else any text without spaces and brackets. */
function isHost(host: string): boolean {
  return host.includes(":") ? isIPv6(host) : /^[^\s[\]]+$/.test(host);
}

/** The way back: `1.2.3.4:8333`, `[2001:db8::1]:8333`. */
export function addressString([host, port]: AddressTuple): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Bitcoin's port. */
export const DEFAULT_PORT = 8333;
