import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ByteReader,
  ByteWriter,
  fromHex,
  ProtocolError,
  readVarInt,
  readVarString,
  toHex,
  writeVarInt,
  writeVarString,
} from "@course/lib/wire";

function bytesOf(value: number): Uint8Array {
  const writer = new ByteWriter();
  writeVarInt(writer, value);
  return writer.toBytes();
}

function bytesOfString(text: string): Uint8Array {
  const writer = new ByteWriter();
  writeVarString(writer, text);
  return writer.toBytes();
}

describe("compactSize integers", () => {
  // 515 is the example of https://developer.bitcoin.org/reference/transactions.html#compactsize-unsigned-integers,
  // the limits are from its table.
  test.each([
    [515, "fd0302"],
    [0, "00"],
    [106, "6a"],
    [252, "fc"],
    [253, "fdfd00"],
    [0xffff, "fdffff"],
    [0x10000, "fe00000100"],
    [0xffffffff, "feffffffff"],
    [0x100000000, "ff0000000001000000"],
    [Number.MAX_SAFE_INTEGER, "ffffffffffffff1f00"],
  ])("the integer %d is written as %s, and reads back", (value, hex) => {
    expect(toHex(bytesOf(value))).toBe(hex);
    const reader = new ByteReader(fromHex(hex));
    expect(readVarInt(reader)).toBe(value);
    expect(reader.remaining).toBe(0);
  });

  test.each([
    ["a number past 2^53 - 1", "ff0000000000002000", "OVERSIZED"],
    ["the largest of 64 bits", "ffffffffffffffffff", "OVERSIZED"],
    ["252 in three bytes", "fdfc00", "MALFORMED"],
    ["65535 in five bytes", "feffff0000", "MALFORMED"],
    ["4294967295 in nine bytes", "ffffffffff00000000", "MALFORMED"],
    ["nothing", "", "MALFORMED"],
    ["two bytes of three", "fdff", "MALFORMED"],
    ["four bytes of five", "feffffff", "MALFORMED"],
    ["eight bytes of nine", "ffffffffffffff1f", "MALFORMED"],
  ])("readVarInt() refuses %s (%s) with %s", (_, hex, code) => {
    expect(() => readVarInt(new ByteReader(fromHex(hex)))).toThrow(
      expect.objectContaining({ name: "ProtocolError", code }),
    );
  });

  test.each([-1, 1.5, NaN, Infinity, 2 ** 53])("writeVarInt() refuses %d", (value) => {
    expect(() => bytesOf(value)).toThrow(RangeError);
  });

  test("readVarInt() returns the integer that writeVarInt() wrote, of any size", () => {
    const anySize = fc.oneof(
      fc.nat(0xff),
      fc.nat(0x1ffff),
      fc.nat(2 ** 31 - 1),
      fc.integer({ min: 2 ** 32, max: Number.MAX_SAFE_INTEGER }),
    );
    fc.assert(fc.property(anySize, (value) => readVarInt(new ByteReader(bytesOf(value))) === value));
  });

  test("readVarInt() of any bytes throws a ProtocolError, or returns what is written as the same bytes", () => {
    const property = fc.property(fc.uint8Array({ minLength: 0, maxLength: 12 }), (bytes) => {
      const reader = new ByteReader(bytes);
      try {
        const value = readVarInt(reader);
        expect(bytesOf(value)).toEqual(bytes.slice(0, reader.offset));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    });
    fc.assert(property, { numRuns: 500, examples: [[fromHex("fdfc00")], [fromHex("fe00000100")]] });
  });
});

describe("strings", () => {
  test.each([
    ["", "00"],
    ["/Satoshi:0.7.2/", "0f2f5361746f7368693a302e372e322f"],
    ["/Bücher:1/", "0b2f42c3bc636865723a312f"],
  ])("the string %j is written as %s, and reads back", (text, hex) => {
    expect(toHex(bytesOfString(text))).toBe(hex);
    expect(readVarString(new ByteReader(fromHex(hex)))).toBe(text);
  });

  test("readVarString() allows 256 bytes, and not one more", () => {
    const longest = "/".repeat(256);
    expect(readVarString(new ByteReader(bytesOfString(longest)))).toBe(longest);
    expect(() => readVarString(new ByteReader(bytesOfString(`${longest}/`)))).toThrow(
      new ProtocolError("OVERSIZED", "string: expected at most 256 bytes, got a length of 257"),
    );
  });

  test("readVarString() refuses a string by its length, before its bytes arrive", () => {
    const fourGigabytes = new ByteReader(fromHex("feffffffff"));
    expect(() => readVarString(fourGigabytes)).toThrow(expect.objectContaining({ code: "OVERSIZED" }));
  });

  test("readVarString() allows as many bytes as the caller says", () => {
    const text = "a".repeat(300);
    expect(readVarString(new ByteReader(bytesOfString(text)), 300)).toBe(text);
  });

  test("readVarString() of a string that ends early throws MALFORMED", () => {
    expect(() => readVarString(new ByteReader(fromHex("0f2f53")))).toThrow(
      new ProtocolError("MALFORMED", "string: expected 15 bytes from byte 1 on, got 2"),
    );
  });

  // As in PEP 383, a byte that is not UTF-8 becomes U+DC00 plus the byte.
  test.each([
    ["a byte that UTF-8 never has", "022fff", "/\udcff"],
    ["half a character", "022fc3", "/\udcc3"],
    ["a character between stray bytes", "0480c3bc80", "\udc80ü\udc80"],
    ["a surrogate, which UTF-8 may not have", "03edb280", "\udced\udcb2\udc80"],
    ["an emoji and a stray byte", "05f09f98809f", "😀\udc9f"],
  ])("a string with %s reads as text, and is written as the same bytes", (_, hex, text) => {
    expect(readVarString(new ByteReader(fromHex(hex)))).toBe(text);
    expect(toHex(bytesOfString(text))).toBe(hex);
  });

  test("a string of any bytes is written as the bytes it was read from", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 252 }), (bytes) => {
      const written = Uint8Array.of(bytes.length, ...bytes);
      expect(bytesOfString(readVarString(new ByteReader(written)))).toEqual(written);
    });
    fc.assert(property);
  });
});
