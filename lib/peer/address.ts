/**
 * Addresses of nodes: a host and a port, as text and as a pair.
 *
 * The bitnodes API writes `1.2.3.4:8333`, `[2001:db8::1]:8333` and `….onion:8333`. Older lists write
 * IPv6 without brackets, so the port always begins after the last colon.
 */
import { isIPv4, isIPv6 } from "node:net";
import { hostFromBytes, hostToBytes } from "../wire/network-address";

/** A host without brackets, and a port from 1 to 65535. I2P has no ports: its names have port 0. */
export type AddressTuple = [host: string, port: number];

/**
 * Reads an address: `1.2.3.4:8333`, `[2001:db8::1]:8333`, IPv6 without brackets, or `….b32.i2p:0`.
 *
 * @throws Error that shows `text` if it is not an address.
 */
export function parseAddress(text: string): AddressTuple {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*:.*)\]$/, "$1");
  const digits = text.slice(colon + 1);
  const port = Number(digits);
  const lowest = host.endsWith(".i2p") ? 0 : 1;
  if (!isHost(host) || !/^\d+$/.test(digits) || port < lowest || port > 65535) {
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
  const isBracketed = host.includes(":") && isIPv6(host); // text without a colon needs no slow look
  // What `join` makes is one piece of text. What a template makes is several in V8, three times the memory.
  return [isBracketed ? `[${host}]` : host, port].join(":");
}

/**
 * Returns the address in the one form in which a node has one address, to tell whether two addresses are
 * of the same node.
 *
 *  - IPv6 as RFC 5952 writes it: `2001:DB8:0:0::1` is `2001:db8::1`
 *  - IPv4 for an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2): `::ffff:1.2.3.4` is `1.2.3.4`
 *  - names in lower case
 */
export function canonicalAddress([host, port]: AddressTuple): AddressTuple {
  if (isIPv4(host)) return [host, port]; // a dotted quad has one form: Node.js takes none with leading zeros
  const isUsual = isIPv6(host) && !host.includes("%");
  return [isUsual ? hostFromBytes(hostToBytes(host)) : host.toLowerCase(), port];
}

/** Returns the text that tells nodes apart: the same for all spellings of an address. `parseAddress` reads it. */
export function nodeKey(address: AddressTuple): string {
  return addressString(canonicalAddress(address));
}

/** The port of Bitcoin's main network. */
export const DEFAULT_PORT = 8333;
