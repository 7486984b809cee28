import fc from "fast-check";
import { expect, test } from "vitest";
import { checksum, fromHex, hasChecksum } from "@course/lib/wire";

test.each([
  // https://en.bitcoin.it/wiki/Protocol_documentation#Hashes
  ["hello", "9595c9df"],
  ["", "5df6e0e2"],
])("hasChecksum() of %j accepts %s, and refuses it with any bit changed", (text, hex) => {
  const payload = Buffer.from(text);
  expect(hasChecksum(payload, fromHex(hex))).toBe(true);
  for (let bit = 0; bit < 32; bit++) {
    const other = fromHex(hex);
    other[bit >> 3] ^= 1 << (bit & 7);
    expect(hasChecksum(payload, other)).toBe(false);
  }
});

test("hasChecksum() accepts what checksum() returns, for any payload", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => {
      expect(hasChecksum(payload, checksum(payload))).toBe(true);
    }),
  );
});

test("hasChecksum() hashes only the view of a larger buffer that it is given", () => {
  const whole = Buffer.from("xxhelloxx");
  expect(hasChecksum(whole.subarray(2, 7), fromHex("9595c9df"))).toBe(true);
});
