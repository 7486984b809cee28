/**
 * Which addresses may be called at all.
 *
 * Gossip is a list of targets that strangers write: an address in it may be a printer in one's own home, or a
 * port of a machine that never heard of Bitcoin. On the live network only addresses of the public internet
 * are called; on the practice network only those of this machine. Nodes behind Tor and on I2P are called where
 * there is a proxy that finds them.
 */
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import { type AddressTuple, canonicalAddress } from "../peer/address";
import type { ProxyOptions } from "../crawl/lanes";
import { laneOf } from "../peer/lane";
import { hostFromBytes, hostToBytes } from "../wire/network-address";
import { i2pBytes, torV3Bytes } from "../wire/overlay-hosts";

/** Returns whether an address may be called. */
export type CallRule = (address: AddressTuple) => boolean;

/** Not of the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast. */
const SPECIAL_IPV4 = [
  "0.0.0.0/8", // this network
  "10.0.0.0/8", // private
  "100.64.0.0/10", // shared by customers of a provider
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local: among them the metadata services of clouds
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocol assignments
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // relays of 6to4
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
];
/** The public internet's IPv6, and what is not public in it (iana-ipv6-special-registry). */
const GLOBAL_IPV6 = ["2000::/3"];
const SPECIAL_IPV6 = [
  "2001::/23", // protocol assignments, among them Teredo
  "2001:db8::/32", // documentation
  "2620:4f:8000::/48", // AS112
  "3fff::/20", // documentation
];

const specialIPv4 = blockList("ipv4", SPECIAL_IPV4);
const globalIPv6 = blockList("ipv6", GLOBAL_IPV6);
const specialIPv6 = blockList("ipv6", SPECIAL_IPV6);

function blockList(family: "ipv4" | "ipv6", subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [start, length] = subnet.split("/");
    list.addSubnet(start, Number(length), family);
  }
  return list;
}

/** Returns whether an address is an IP address of the public internet: the rule of the live network. */
export function isPublic(address: AddressTuple): boolean {
  const [host, port] = canonicalAddress(address);
  if (port < 1 || port > 65_535) return false;
  if (isIPv4(host)) return !specialIPv4.check(host, "ipv4");
  if (!isIPv6(host) || !globalIPv6.check(host, "ipv6") || specialIPv6.check(host, "ipv6")) return false;
  const embedded = sixToFour(host);
  return embedded === undefined || isPublic([embedded, port]);
}

/** Returns the IPv4 address in an address of 6to4, 2002::/16 (RFC 3056). */
function sixToFour(host: string): string | undefined {
  const bytes = hostToBytes(host);
  if (bytes[0] !== 0x20 || bytes[1] !== 0x02) return undefined;
  return bytes.subarray(2, 6).join(".");
}

/** Returns whether an address is one of this machine's loopback: the rule of the practice network. */
export function isOnLoopback(address: AddressTuple): boolean {
  const [host, port] = canonicalAddress(address);
  if (port < 1 || port > 65_535) return false;
  return isIPv4(host) ? host.startsWith("127.") : host === "::1";
}

/**
 * Returns the rule for a discovery that begins with these addresses: `isOnLoopback` if all are on loopback,
 * which is how a practice network begins, or else `isPublic`.
 */
export function ruleFor(seeds: readonly AddressTuple[]): CallRule {
  return seeds.length > 0 && seeds.every(isOnLoopback) ? isOnLoopback : isPublic;
}

/**
 * Returns `rule`, and lets nodes behind Tor and on I2P be called too if there is a proxy for them: those whose
 * names are well-formed.
 */
export function orThroughProxy(rule: CallRule, { proxy, i2pProxy }: ProxyOptions): CallRule {
  return (address) => {
    const lane = laneOf(address);
    if (lane === "ip") return rule(address);
    return (lane === "tor" ? proxy : i2pProxy) !== undefined && isHidden(address);
  };
}

/** Returns whether an address is one behind Tor or on I2P, with a well-formed name and a port that there is. */
export function isHidden(address: AddressTuple): boolean {
  const [, port] = address;
  if (port < 0 || port > 65_535) return false;
  const lane = laneOf(address);
  if (lane === "tor") return port > 0 && isName(torV3Bytes, address);
  return lane === "i2p" && isName(i2pBytes, address);
}

function isName(bytesOf: (host: string) => Uint8Array, [host]: AddressTuple): boolean {
  try {
    return bytesOf(host).length > 0;
  } catch {
    return false;
  }
}

/** Bytes of an IPv4-mapped address up to the end of its /24, and of an IPv6 address up to the end of its /64. */
const IPV4_GROUP = 15;
const IPV6_GROUP = 8;

/**
 * Returns the /24 of an IPv4 address or the /64 of an IPv6 address, which one owner mostly has whole. A name is
 * a group of its own.
 */
export function groupOf(address: AddressTuple): string {
  const [host] = canonicalAddress(address);
  if (isIP(host) === 0) return host;
  const bytes = hostToBytes(host);
  return hostFromBytes(bytes.fill(0, isIPv4(host) ? IPV4_GROUP : IPV6_GROUP));
}
