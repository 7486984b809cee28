import { describe, expect, test } from "vitest";
import { ByteReader, ByteWriter, concat, fromHex, ProtocolError, toHex } from "@course/lib/wire";

type Kind = "UInt8" | "UInt16LE" | "UInt16BE" | "UInt32LE" | "Int32LE" | "BigUInt64LE" | "BigInt64LE";

function write(kind: Kind, value: number | bigint): Uint8Array {
  return new ByteWriter()[`write${kind}`](value as never).toBytes();
}

describe("integers", () => {
  test.each<[Kind, number | bigint, string]>([
    ["UInt8", 0, "00"],
    ["UInt8", 255, "ff"],
    ["UInt16LE", 0x1234, "3412"],
    ["UInt16LE", 65535, "ffff"],
    ["UInt16BE", 8333, "208d"],
    ["UInt16BE", 65535, "ffff"],
    ["UInt32LE", 0xd9b4bef9, "f9beb4d9"],
    ["UInt32LE", 0, "00000000"],
    ["Int32LE", 70015, "7f110100"],
    ["Int32LE", -1, "ffffffff"],
    ["Int32LE", -(2 ** 31), "00000080"],
    ["BigUInt64LE", 1039n, "0f04000000000000"],
    ["BigUInt64LE", 2n ** 64n - 1n, "ffffffffffffffff"],
    ["BigInt64LE", 1532314003n, "9341555b00000000"],
    ["BigInt64LE", -1n, "ffffffffffffffff"],
  ])("the %s %s is written as %s, and reads back", (kind, value, hex) => {
    expect(toHex(write(kind, value))).toBe(hex);
    const reader = new ByteReader(fromHex(hex));
    expect(reader[`read${kind}`]()).toBe(value);
    expect(reader.remaining).toBe(0);
  });

  test.each<[Kind, number | bigint]>([
    ["UInt8", 256],
    ["UInt8", -1],
    ["UInt16BE", 65536],
    ["UInt16LE", -1],
    ["UInt32LE", 2 ** 32],
    ["UInt32LE", 1.5],
    ["Int32LE", 2 ** 31],
    ["BigUInt64LE", 2n ** 64n],
    ["BigUInt64LE", -1n],
    ["BigInt64LE", 2n ** 63n],
  ])("a ByteWriter refuses as %s the number %s, which does not fit", (kind, value) => {
    expect(() => write(kind, value)).toThrow(RangeError);
    expect(() => write(kind, value)).toThrow(`got ${value}`);
  });
});

describe("a reader", () => {
  test("a ByteReader moves forward by the bytes that it reads", () => {
    const reader = new ByteReader(fromHex("01 0200 aabb"));
    expect(reader.readUInt8()).toBe(1);
    expect(reader.readUInt16LE()).toBe(2);
    expect([reader.offset, reader.remaining]).toEqual([3, 2]);
    expect(toHex(reader.read(2))).toBe("aabb");
    expect([reader.offset, reader.remaining]).toEqual([5, 0]);
  });

  test("a ByteReader that is asked for more than there is throws, names the field, and does not move", () => {
    const reader = new ByteReader(fromHex("010203"));
    reader.readUInt8();
    expect(() => reader.readUInt32LE("start height")).toThrow(
      new ProtocolError("MALFORMED", "start height: expected 4 bytes from byte 1 on, got 2"),
    );
    expect(reader.offset).toBe(1);
  });

  test("a ByteReader reads only the view of a larger buffer that it is given", () => {
    const reader = new ByteReader(fromHex("ffff 3930 ffff").subarray(2, 4));
    expect(reader.readUInt16LE()).toBe(12345);
    expect(() => reader.readUInt8()).toThrow(ProtocolError);
  });

  test("a ByteReader of no bytes can read 0 bytes", () => {
    expect(new ByteReader(new Uint8Array(0)).read(0)).toHaveLength(0);
  });
});

describe("hexadecimal", () => {
  test.each([
    ["", ""],
    ["00ff", "00ff"],
    ["F9BE B4D9", "f9beb4d9"],
    ["f9\n be", "f9be"],
  ])("fromHex(%j) is the bytes %s", (text, hex) => {
    expect(toHex(fromHex(text))).toBe(hex);
  });

  test.each(["0", "0x00", "zz", "f9be b", "00-11"])("fromHex(%j) throws", (text) => {
    expect(() => fromHex(text)).toThrow(`expected pairs of hexadecimal digits, got "${text}"`);
  });
});

test("concat() puts its parts one after the other, in new memory", () => {
  const parts = [fromHex("01"), fromHex(""), fromHex("0203")];
  const whole = concat(parts);
  parts[0][0] = 0xff;
  expect(toHex(whole)).toBe("010203");
  expect(concat([])).toEqual(new Uint8Array(0));
});
