/** Compares bytes field by field, so that a check can name the field that is wrong and its place. */
import { toHex } from "../wire/bytes";
import { expectEqual, Mismatch, show } from "./expect";

/** A field of a message. Offsets and lengths are in bytes. */
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

/**
 * The 24 bytes before every payload.
 * https://developer.bitcoin.org/reference/p2p_networking.html#message-headers
 */
const HEADER_FIELDS: readonly ByteField[] = consecutive(0, [
  ["magic", 4],
  ["command", 12],
  ["length", 4],
  ["checksum", 4],
]);

/** Returns the fields of a whole packet: the header, and a payload of this many bytes. */
export function packetFields(payloadLength: number): ByteField[] {
  return [...HEADER_FIELDS, { name: "payload", start: 24, length: payloadLength }];
}

/** Returns the fields of a whole `version` packet whose user agent has this many bytes. */
export function versionPacketFields(userAgentLength: number): ByteField[] {
  const payload = versionPayloadFields(userAgentLength).map((field) => ({
    ...field,
    start: 24 + field.start,
  }));
  return [...HEADER_FIELDS, ...payload];
}

/** Returns the fields of a network address that begins at `start`. */
export function addressFields(start: number): ByteField[] {
  return consecutive(start, ADDRESS);
}

/** Returns the fields of a `version` payload whose user agent has this many bytes. */
export function versionPayloadFields(userAgentLength: number): ByteField[] {
  return consecutive(0, [
    ["protocol version", 4],
    ["services", 8],
    ["timestamp", 8],
    ...ADDRESS.map(([name, length]): [string, number] => [`receiver's ${name}`, length]),
    ...ADDRESS.map(([name, length]): [string, number] => [`sender's ${name}`, length]),
    ["nonce", 8],
    ["length of the user agent", userAgentLength < 0xfd ? 1 : 3],
    ["user agent", userAgentLength],
    ["start height", 4],
    ["relay", 1],
  ]);
}

/** How many wrong fields a message names at most. The rest are counted. */
const FIELDS_NAMED = 4;

/**
 * Expects these bytes.
 *
 * @throws Mismatch with a line about their number, if it is wrong, and one per field that differs.
 */
export function expectBytes(
  what: string,
  actual: Uint8Array,
  expected: Uint8Array,
  fields: readonly ByteField[],
): void {
  const wrong = fields.flatMap((field) => difference(field, actual, expected));
  if (actual.length !== expected.length) {
    const length = `expected ${expected.length} bytes, got ${actual.length || "none"}`;
    throw new Mismatch(withMore(`${what}:\n${length}`, wrong));
  }
  if (wrong.length > 0) throw new Mismatch(withMore(`${what}:`, wrong));
}

/** Joins a heading, the first of the lines, and the number of the fields that are left out. */
function withMore(heading: string, lines: readonly string[]): string {
  const more = lines.length - FIELDS_NAMED;
  const rest = more > 0 ? [`and ${more} more ${more === 1 ? "field" : "fields"}`] : [];
  return [heading, ...lines.slice(0, FIELDS_NAMED), ...rest].join("\n");
}

function difference({ name, start, length }: ByteField, actual: Uint8Array, expected: Uint8Array): string[] {
  const [ours, theirs] = [actual, expected].map((bytes) => toHex(bytes.subarray(start, start + length)));
  if (ours === theirs || start >= actual.length) return [];
  const [was, wanted] = length > LONG_FIELD ? fromFirstDifference(ours, theirs) : [ours, theirs];
  return [`${placeOf({ name, start, length })}: expected ${wanted}, got ${was}`];
}

/** Fields longer than this, in bytes, are shown in part. */
const LONG_FIELD = 32;

/** Cuts two texts of hexadecimal digits, so that they begin with the first byte in which they differ. */
function fromFirstDifference(...texts: string[]): string[] {
  const [ours, theirs] = texts.map((text) => text.match(/../g) ?? []);
  const first = theirs.findIndex((byte, i) => byte !== ours[i]);
  return [ours, theirs].map((bytes) => {
    const shown = bytes.slice(first, first + LONG_FIELD / 2).join("");
    return `${first > 0 ? "… " : ""}${shown || "nothing"}${bytes.length > first + LONG_FIELD / 2 ? " …" : ""}`;
  });
}

/** The value that an answer has read from a field, and the right one. */
interface FieldRead {
  field: ByteField;
  actual: unknown;
  expected: unknown;
}

/**
 * Expects that fields were read correctly.
 *
 * @throws Mismatch with a line per wrong field: its place, its bytes, what was expected and what came.
 */
export function expectFieldsRead(what: string, bytes: Uint8Array, fields: readonly FieldRead[]): void {
  const wrong = fields.flatMap((read) => misreading(read, bytes));
  if (wrong.length > 0) throw new Mismatch(withMore(`${what}:`, wrong));
}

function misreading({ field, actual, expected }: FieldRead, bytes: Uint8Array): string[] {
  const { start, length } = field;
  const there = toHex(bytes.subarray(start, start + Math.min(length, LONG_FIELD)));
  const where = there === "" ? `after the last byte, ${field.name}` : `${placeOf(field)} (${there})`;
  if (actual === undefined && expected !== undefined)
    return [`${where}: expected ${show(expected)}, got undefined`];
  try {
    expectEqual(where, actual, expected);
    return [];
  } catch (error) {
    if (error instanceof Mismatch) return [error.message];
    throw error;
  }
}

function placeOf({ name, start, length }: ByteField): string {
  const place = length === 1 ? `byte ${start}` : `bytes ${start} to ${start + length - 1}`;
  return `${place}, ${name}`;
}

function consecutive(
  start: number,
  fields: readonly (readonly [name: string, length: number])[],
): ByteField[] {
  return fields.map(([name, length], i) => {
    const before = fields.slice(0, i).reduce((sum, [, length]) => sum + length, start);
    return { name, start: before, length };
  });
}
