/**
 * Addresses of nodes: a host and a port, as text and as a pair.
 *
 * The bitnodes API writes `1.2.3.4:8333`, `[2001:db8::1]:8333` and `….onion:8333`. Older lists write
 * IPv6 without brackets, so the port always begins after the last colon.
 */
import { isIPv6 } from "node:net";

/** A host without brackets, and a port from 1 to 65535. */
export type AddressTuple = [host: string, port: number];

/**
 * Reads an address: `1.2.3.4:8333`, `[2001:db8::1]:8333`, or IPv6 without brackets.
 *
 * @throws Error that shows `text` if it is not an address.
 */
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

/** Returns whether `host` may be one: IPv6 if it has colons, or else any text without spaces and brackets. */
function isHost(host: string): boolean {
  return host.includes(":") ? isIPv6(host) : /^[^\s[\]]+$/.test(host);
}

/** Writes an address as text: `1.2.3.4:8333`, `[2001:db8::1]:8333`. */
export function addressString([host, port]: AddressTuple): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The port of Bitcoin's main network. */
export const DEFAULT_PORT = 8333;
