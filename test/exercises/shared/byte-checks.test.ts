import { describe, expect, test } from "vitest";
import { ByteReader, fromHex, ProtocolError, toHex } from "@course/lib/wire";
import { embedded, embeddedReader, expectRefused, expectSameBytes, expectTaken } from "@course/lib/exercises";

const BYTES = fromHex("f9beb4d9");

test("bytes amid others are the same bytes, and not those at the beginning of their buffer", () => {
  const view = embedded(BYTES);
  expect(toHex(view)).toBe(toHex(BYTES));
  expect(toHex(new Uint8Array(view.buffer, 0, 4))).not.toBe(toHex(BYTES));
});

test("a reader amid others stands before the bytes, and says by how much it went on", () => {
  const reader = embeddedReader(BYTES);
  expect(toHex(reader.read(4))).toBe(toHex(BYTES));
  expect(reader.remaining).toBeGreaterThan(0);
  expect(() => expectTaken("then", reader, 4)).not.toThrow();
  expect(() => expectTaken("then", reader, 5)).toThrow(/^then: expected the reader to go on by 5 bytes/);
});

test("bytes of any class are compared by what they are", () => {
  expect(() => expectSameBytes("magic", Buffer.from(BYTES), BYTES)).not.toThrow();
  expect(() => expectSameBytes("magic", BYTES.subarray(1), BYTES)).toThrow(
    "magic: expected f9beb4d9, got beb4d9",
  );
  expect(() => expectSameBytes("magic", "f9beb4d9", BYTES)).toThrow(/expected a Uint8Array of 4 bytes/);
});

describe("a refusal", () => {
  const refusing = (message: string) => () => {
    throw new ProtocolError("OVERSIZED", message);
  };
  const named = [BYTES, 4_000_000, [113, 137]];

  test.each([
    "f9beb4d9, 4000000, 113",
    "0xf9 0xbe 0xb4 0xd9, 4,000,000 and 137",
    "F9BEB4D9; at most 4_000_000; 113.",
    "249,190,180,217 / 4 000 000 / 137 bytes",
  ])("names values in any way of writing them: %s", async (message) => {
    await expect(expectRefused("here", "OVERSIZED", refusing(message), named)).resolves.toBeUndefined();
  });

  test.each([
    ["nothing at all", "f9beb4d9"],
    ["f9beb4d9, 40000001, 113", "4000000"],
    ["f9beb4d9, 4000000, 1137", "113"],
  ])("that does not name one of them is no good: %s", async (message, missing) => {
    await expect(expectRefused("here", "OVERSIZED", refusing(message), named)).rejects.toThrow(
      `so with ${missing} in it`,
    );
  });

  test("has the right code", async () => {
    await expect(expectRefused("here", "MALFORMED", refusing("too long"))).rejects.toThrow(
      'expected a ProtocolError with the code "MALFORMED" here, got the code "OVERSIZED", ProtocolError: too long',
    );
    const reading = () => new DataView(new ArrayBuffer(0)).getUint8(0);
    await expect(expectRefused("here", "MALFORMED", reading)).rejects.toThrow(/here, got RangeError: /);
  });

  test("is not a value", async () => {
    const reading = () => new ByteReader(BYTES).readUInt8();
    await expect(expectRefused("here", "MALFORMED", reading)).rejects.toThrow(
      "expected an error here, got 249",
    );
  });
});
