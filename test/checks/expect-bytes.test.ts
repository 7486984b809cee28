import { expect, test } from "vitest";
import { OUR_VERSION, OUR_VERSION_MESSAGE } from "@course/lib/wire";
import {
  expectBytes,
  expectFieldsRead,
  packetFields,
  versionPacketFields,
  versionPayloadFields,
} from "@course/lib/checks";

const FIELDS = versionPacketFields(OUR_VERSION_MESSAGE.userAgent.length);

function sentence(bytes: Uint8Array): string {
  try {
    expectBytes("what came", bytes, OUR_VERSION, FIELDS);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

function changed(offset: number): Uint8Array {
  const bytes = OUR_VERSION.slice();
  bytes[offset] ^= 0xff;
  return bytes;
}

test("versionPacketFields() covers all bytes, one field after the other", () => {
  let end = 0;
  for (const { start, length } of FIELDS) {
    expect(start).toBe(end);
    end += length;
  }
  expect(end).toBe(OUR_VERSION.length);
});

test("expectBytes() accepts the same bytes", () => {
  expect(sentence(OUR_VERSION.slice())).toBe("");
});

test.each([
  [0, "bytes 0 to 3, magic: expected f9beb4d9, got 06beb4d9"],
  [20, "bytes 20 to 23, checksum: expected 9b228b9e, got 64228b9e"],
  [24, "bytes 24 to 27, protocol version: expected 7f110100, got 80110100"],
  [68, "bytes 68 to 69, receiver's port: expected 0000, got ff00"],
  [104, "byte 104, length of the user agent: expected 14, got eb"],
  [129, "byte 129, relay: expected 01, got fe"],
])("expectBytes() names the field of a wrong byte %d", (offset, line) => {
  expect(sentence(changed(offset))).toBe(`what came:\n${line}`);
});

test("expectBytes() counts bytes that are missing", () => {
  expect(sentence(new Uint8Array(0))).toBe("what came:\nexpected 130 bytes, got none");
  expect(sentence(OUR_VERSION.subarray(0, 129))).toBe("what came:\nexpected 130 bytes, got 129");
});

test("expectBytes() names the first four of many wrong fields", () => {
  const lines = sentence(OUR_VERSION.subarray(24)).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "what came:",
    "expected 130 bytes, got 106",
    "bytes 0 to 3, magic: expected f9beb4d9, got 7f110100",
  ]);
  expect(lines[6]).toMatch(/^and \d+ more fields$/);
  expect(lines).toHaveLength(7);
});

test("expectBytes() shows a long field only from its first difference", () => {
  const expected = new Uint8Array(124);
  const bytes = expected.slice().fill(7, 60);
  expect(() => expectBytes("what came", bytes, expected, packetFields(100))).toThrow(
    `what came:\nbytes 24 to 123, payload: expected … ${"00".repeat(16)} …, got … ${"07".repeat(16)} …`,
  );
});

test("versionPayloadFields() of a long user agent has a length of three bytes, and moves the fields after it", () => {
  const [length, userAgent, height, relay] = versionPayloadFields(256).slice(-4);
  expect([length, userAgent, height, relay].map(({ start }) => start)).toEqual([80, 83, 339, 343]);
});

test("expectFieldsRead() names the place and the bytes of a wrong field, what was expected and what came", () => {
  const field = { name: "port", start: 4, length: 2 };
  const last = { name: "relay", start: 6, length: 1 };
  const bytes = Uint8Array.of(0, 0, 0, 0, 0x20, 0x8d);
  const read = (port: unknown, relay: unknown) => () =>
    expectFieldsRead("what came", bytes, [
      { field, actual: port, expected: 8333 },
      { field: last, actual: relay, expected: undefined },
    ]);
  expect(read(8333, undefined)).not.toThrow();
  expect(read(36128, undefined)).toThrow("what came:\nbytes 4 to 5, port (208d): expected 8333, got 36128");
  expect(read(undefined, undefined)).toThrow(/expected 8333, got undefined$/);
  expect(read(8333, true)).toThrow("what came:\nafter the last byte, relay: expected undefined, got true");
});
