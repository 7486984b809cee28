/** Bytes compared field by field, so that a check can name the field that is wrong and where it stands. */
import { toHex } from "../bytes";
import { Mismatch } from "./mismatch";

/** A piece of a message. Offsets and lengths are in bytes. */
export interface ByteField {
  name: string;
  start: number;
  length: number;
}

const ADDRESS = [
  ["services", 8],
  ["IP address", 16],
  ["port", 2],
] as const;

/** The 24 bytes before every payload (https://developer.bitcoin.org/reference/p2p_networking.html#message-headers). */
export const HEADER_FIELDS: readonly ByteField[] = inARow(0, [
  ["magic", 4],
  ["command", 12],
  ["length", 4],
  ["checksum", 4],
]);

/** The fields of a whole `version` packet whose user agent has this many bytes, fewer than 253. */
export function versionPacketFields(userAgentLength: number): ByteField[] {
  const payload = inARow(24, [
    ["protocol version", 4],
    ["services", 8],
    ["timestamp", 8],
    ...ADDRESS.map(([name, length]): [string, number] => [`receiver's ${name}`, length]),
    ...ADDRESS.map(([name, length]): [string, number] => [`sender's ${name}`, length]),
    ["nonce", 8],
    ["length of the user agent", 1],
    ["user agent", userAgentLength],
    ["start height", 4],
    ["relay", 1],
  ]);
  return [...HEADER_FIELDS, ...payload];
}

/** How many wrong fields are named: the first of them tell enough. */
const FIELDS_NAMED = 4;

/** Throws a Mismatch with a line for their number, if it is wrong, and a line for each of the first fields in which the bytes differ. */
export function expectBytes(
  what: string,
  actual: Uint8Array,
  expected: Uint8Array,
  fields: readonly ByteField[],
): void {
  const wrong = fields.flatMap((field) => difference(field, actual, expected));
  const lines = wrong.slice(0, FIELDS_NAMED);
  const more = wrong.length - lines.length;
  if (more > 0) lines.push(`and ${more} more ${more === 1 ? "field" : "fields"}`);
  if (actual.length !== expected.length) {
    lines.unshift(`expected ${expected.length} bytes, got ${actual.length || "none"}`);
  }
  if (lines.length > 0) throw new Mismatch([`${what}:`, ...lines].join("\n"));
}

function difference({ name, start, length }: ByteField, actual: Uint8Array, expected: Uint8Array): string[] {
  const [ours, theirs] = [actual, expected].map((bytes) => toHex(bytes.subarray(start, start + length)));
  if (ours === theirs || start >= actual.length) return [];
  const place = length === 1 ? `byte ${start}` : `bytes ${start} to ${start + length - 1}`;
  return [`${place}, ${name}: expected ${theirs}, got ${ours}`];
}

function inARow(start: number, fields: readonly (readonly [name: string, length: number])[]): ByteField[] {
  return fields.map(([name, length], i) => {
    const before = fields.slice(0, i).reduce((sum, [, length]) => sum + length, start);
    return { name, start: before, length };
  });
}
