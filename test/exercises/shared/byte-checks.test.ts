import { describe, expect, test } from "vitest";
import { ByteReader, fromHex, ProtocolError, toHex } from "@course/lib/wire";
import { embedded, embeddedReader, expectRefused, expectSameBytes, expectTaken } from "@course/lib/exercises";

const BYTES = fromHex("f9beb4d9");

test("embedded() returns the same bytes, away from the beginning of their buffer", () => {
  const view = embedded(BYTES);
  expect(toHex(view)).toBe(toHex(BYTES));
  expect(toHex(new Uint8Array(view.buffer, 0, 4))).not.toBe(toHex(BYTES));
});

test("embeddedReader() is before the bytes, and expectTaken() sees how far it has advanced", () => {
  const reader = embeddedReader(BYTES);
  expect(toHex(reader.read(4))).toBe(toHex(BYTES));
  expect(reader.remaining).toBeGreaterThan(0);
  expect(() => expectTaken("then", reader, 4)).not.toThrow();
  expect(() => expectTaken("then", reader, 5)).toThrow(/^then: expected the reader to advance by 5 bytes/);
});

test("expectSameBytes() compares bytes of any class", () => {
  expect(() => expectSameBytes("magic", Buffer.from(BYTES), BYTES)).not.toThrow();
  expect(() => expectSameBytes("magic", BYTES.subarray(1), BYTES)).toThrow(
    "magic: expected f9beb4d9, got beb4d9",
  );
  expect(() => expectSameBytes("magic", "f9beb4d9", BYTES)).toThrow(/expected a Uint8Array of 4 bytes/);
});

describe("expectRefused()", () => {
  const refusing = (message: string) => () => {
    throw new ProtocolError("OVERSIZED", message);
  };
  const named = [BYTES, 4_000_000, [113, 137]];

  test.each([
    "f9beb4d9, 4000000, 113",
    "0xf9 0xbe 0xb4 0xd9, 4,000,000 and 137",
    "F9BEB4D9; at most 4_000_000; 113.",
    "249,190,180,217 / 4 000 000 / 137 bytes",
  ])("expectRefused() accepts values in any way of writing them: %s", async (message) => {
    await expect(expectRefused("here", "OVERSIZED", refusing(message), named)).resolves.toBeUndefined();
  });

  test.each([
    ["nothing at all", "f9beb4d9"],
    ["f9beb4d9, 40000001, 113", "4000000"],
    ["f9beb4d9, 4000000, 1137", "113"],
  ])("expectRefused() refuses a message that does not name a value: %s", async (message, missing) => {
    await expect(expectRefused("here", "OVERSIZED", refusing(message), named)).rejects.toThrow(
      `${missing} is missing in "`,
    );
  });

  test("expectRefused() refuses an error with another code", async () => {
    await expect(expectRefused("here", "MALFORMED", refusing("too long"))).rejects.toThrow(
      'expected a ProtocolError with the code "MALFORMED" here, got the code "OVERSIZED", ProtocolError: too long',
    );
    const reading = () => new DataView(new ArrayBuffer(0)).getUint8(0);
    await expect(expectRefused("here", "MALFORMED", reading)).rejects.toThrow(/here, got RangeError: /);
  });

  test("expectRefused() refuses a value instead of an error", async () => {
    const reading = () => new ByteReader(BYTES).readUInt8();
    await expect(expectRefused("here", "MALFORMED", reading)).rejects.toThrow(
      "expected an error here, got 249",
    );
  });
});
