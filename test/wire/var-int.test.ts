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
  // the limits are those of its table.
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
  ])("%d is %s, and back", (value, hex) => {
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
  ])("refuse %s (%s) with %s", (_, hex, code) => {
    expect(() => readVarInt(new ByteReader(fromHex(hex)))).toThrow(
      expect.objectContaining({ name: "ProtocolError", code }),
    );
  });

  test.each([-1, 1.5, NaN, Infinity, 2 ** 53])("cannot be written from %d", (value) => {
    expect(() => bytesOf(value)).toThrow(RangeError);
  });

  test("come back as they were written, whatever their size", () => {
    const anySize = fc.oneof(
      fc.nat(0xff),
      fc.nat(0x1ffff),
      fc.nat(2 ** 31 - 1),
      fc.integer({ min: 2 ** 32, max: Number.MAX_SAFE_INTEGER }),
    );
    fc.assert(fc.property(anySize, (value) => readVarInt(new ByteReader(bytesOf(value))) === value));
  });

  test("are one or an error, and what is one is written as the same bytes", () => {
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
  ])("%j is %s, and back", (text, hex) => {
    expect(toHex(bytesOfString(text))).toBe(hex);
    expect(readVarString(new ByteReader(fromHex(hex)))).toBe(text);
  });

  test("may have 256 bytes, and not one more", () => {
    const longest = "/".repeat(256);
    expect(readVarString(new ByteReader(bytesOfString(longest)))).toBe(longest);
    expect(() => readVarString(new ByteReader(bytesOfString(`${longest}/`)))).toThrow(
      new ProtocolError("OVERSIZED", "string: expected at most 256 bytes, got a length of 257"),
    );
  });

  test("are refused by their length alone, before any of it is here", () => {
    const fourGigabytes = new ByteReader(fromHex("feffffffff"));
    expect(() => readVarString(fourGigabytes)).toThrow(expect.objectContaining({ code: "OVERSIZED" }));
  });

  test("may be longer where the caller says so", () => {
    const text = "a".repeat(300);
    expect(readVarString(new ByteReader(bytesOfString(text)), 300)).toBe(text);
  });

  test("that end early are malformed", () => {
    expect(() => readVarString(new ByteReader(fromHex("0f2f53")))).toThrow(
      new ProtocolError("MALFORMED", "string: expected 15 bytes from byte 1 on, got 2"),
    );
  });

  // UTF-8 as text, and the rest as PEP 383 has it: a byte that is none becomes U+DC00 plus itself.
  test.each([
    ["a byte that UTF-8 never has", "022fff", "/\udcff"],
    ["half a character", "022fc3", "/\udcc3"],
    ["a character between stray bytes", "0480c3bc80", "\udc80ü\udc80"],
    ["a surrogate, which UTF-8 may not have", "03edb280", "\udced\udcb2\udc80"],
    ["an emoji and a stray byte", "05f09f98809f", "😀\udc9f"],
  ])("keep %s", (_, hex, text) => {
    expect(readVarString(new ByteReader(fromHex(hex)))).toBe(text);
    expect(toHex(bytesOfString(text))).toBe(hex);
  });

  test("are written as the bytes they were read from, whatever those were", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 252 }), (bytes) => {
      const written = Uint8Array.of(bytes.length, ...bytes);
      expect(bytesOfString(readVarString(new ByteReader(written)))).toEqual(written);
    });
    fc.assert(property);
  });
});
