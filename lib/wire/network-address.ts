/**
 * The network address in `version`: services, 16 bytes of IP address, port.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#version
 * IPv4 is sent as an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2). As text, hosts are a dotted quad, or
 * IPv6 in the form of RFC 5952, without brackets.
 */
import { isIPv4, isIPv6 } from "node:net";
import { ByteReader, ByteWriter } from "./bytes";

export interface NetworkAddress {
  services: bigint;
  /** `1.2.3.4`, `2001:db8::1`. */
  host: string;
  port: number;
}

/** The first twelve of the 16 bytes of an IPv4 address. */
export const IPV4_PREFIX = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/** Reads 26 bytes: services, host, and the port, which is big-endian. */
export function readNetworkAddress(reader: ByteReader): NetworkAddress {
  const services = reader.readBigUInt64LE("services");
  const host = hostFromBytes(reader.read(16, "IP address"));
  const port = reader.readUInt16BE("port");
  return { services, host, port };
}

/**
 * Writes 26 bytes: services, host, and the port, which is big-endian.
 *
 * @throws RangeError if the host is not an IP address.
 */
export function writeNetworkAddress(writer: ByteWriter, address: NetworkAddress): void {
  writer.writeBigUInt64LE(address.services).write(hostToBytes(address.host)).writeUInt16BE(address.port);
}

/** Returns the 16 bytes of an IP address as text. */
export function hostFromBytes(bytes: Uint8Array): string {
  if (isIPv4Mapped(bytes)) return `${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i] << 8) | bytes[i + 1]);
  return compress(groups);
}

/** Returns whether the 16 bytes at `offset` are an IPv4-mapped IPv6 address. */
export function isIPv4Mapped(bytes: Uint8Array, offset = 0): boolean {
  if (bytes[offset + 10] !== 0xff || bytes[offset + 11] !== 0xff) return false;
  // Not as a loop, which would take half of the time of reading an address in `addr`.
  const first = bytes[offset] | bytes[offset + 1] | bytes[offset + 2] | bytes[offset + 3] | bytes[offset + 4];
  const next = bytes[offset + 5] | bytes[offset + 6] | bytes[offset + 7] | bytes[offset + 8];
  return (first | next | bytes[offset + 9]) === 0;
}

/**
 * Returns the 16 bytes of an IP address.
 *
 * @throws RangeError if `host` is not one.
 */
export function hostToBytes(host: string): Uint8Array {
  if (isIPv4(host)) return Uint8Array.of(...IPV4_PREFIX, ...host.split(".").map(Number));
  if (!isIPv6(host)) throw new RangeError(`expected an IP address, got "${host}"`);
  const bytes = new Uint8Array(16);
  expand(host).forEach((group, i) => bytes.set([group >> 8, group & 0xff], 2 * i));
  return bytes;
}

/**
 * Writes eight groups as RFC 5952, section 4, prescribes: in lower case and without leading zeros. The
 * longest run of two or more zero groups, or the first of equally long ones, becomes `::`.
 */
function compress(groups: number[]): string {
  let longest = { start: 8, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > longest.length) longest = { start, length };
    start += length;
  }
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (longest.length === 8) return "::";
  if (longest.length < 2) return text(groups);
  return `${text(groups.slice(0, longest.start))}::${text(groups.slice(longest.start + longest.length))}`;
}

/** Returns the eight groups of an IPv6 address, in any of its written forms. */
function expand(host: string): number[] {
  const parse = (part: string): number[] =>
    part === ""
      ? []
      : part.split(":").flatMap((group) => {
          if (!group.includes(".")) return [parseInt(group, 16)];
          const [a, b, c, d] = group.split(".").map(Number);
          return [(a << 8) | b, (c << 8) | d];
        });
  const [head, tail] = host.split("%")[0].split("::");
  if (tail === undefined) return parse(head);
  const before = parse(head);
  const after = parse(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
