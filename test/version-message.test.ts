import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concat,
  fromHex,
  hostFromBytes,
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  Packet,
  parseVersionMessage,
  ProtocolError,
  type VersionFields,
  VersionMessage,
  toHex,
} from "@course/lib";

const HEADER = "f9beb4d976657273696f6e00000000006a0000009b228b9e";
const PAYLOAD =
  "7f1101000f040000000000009341555b000000000f040000000000000000000000000000000000000000000000000f04" +
  "0000000000000000000000000000000000000000000000007256c5439b3aea89142f736f6d652d636f6f6c2d736f6674" +
  "776172652f0100000001";

// https://en.bitcoin.it/wiki/Protocol_documentation#version, from the time before the relay byte
const WIKI =
  "62ea0000 0100000000000000 11b2d05000000000" +
  "0100000000000000 00000000000000000000ffff00000000 0000" +
  "0100000000000000 00000000000000000000ffff00000000 0000" +
  "3b2eb35d8ce61765 0f2f5361746f7368693a302e372e322f c03e0300";

// https://developer.bitcoin.org/reference/p2p_networking.html#version
const DEVELOPER_REFERENCE =
  "72110100 0100000000000000 bc8f5e5400000000" +
  "0100000000000000 00000000000000000000ffffc61b6409 208d" +
  "0100000000000000 00000000000000000000ffffcb0071c0 208d" +
  "128035cbc97953f8 0f2f5361746f7368693a302e392e332f cf050500 01";

describe("our introduction", () => {
  test("is the 130 bytes that the course promises", () => {
    expect(toHex(OUR_VERSION)).toBe(HEADER + PAYLOAD);
  });

  test("reads back as what it was built from", () => {
    expect(VersionMessage.fromBytes(Packet.fromBytes(OUR_VERSION).payload)).toEqual(OUR_VERSION_MESSAGE);
  });
});

describe("a version message", () => {
  const table: [string, VersionFields, string][] = [
    [
      "of the wiki, without a relay byte",
      {
        version: 60002,
        services: 1n,
        timestamp: 1355854353n,
        receiver: { services: 1n, host: "0.0.0.0", port: 0 },
        sender: { services: 1n, host: "0.0.0.0", port: 0 },
        nonce: 0x6517e68c5db32e3bn,
        userAgent: "/Satoshi:0.7.2/",
        startHeight: 212672,
        relay: undefined,
      },
      WIKI,
    ],
    [
      "of the developer reference",
      {
        version: 70002,
        services: 1n,
        timestamp: 1415483324n,
        receiver: { services: 1n, host: "198.27.100.9", port: 8333 },
        sender: { services: 1n, host: "203.0.113.192", port: 8333 },
        nonce: 0xf85379c9cb358012n,
        userAgent: "/Satoshi:0.9.3/",
        startHeight: 329167,
        relay: true,
      },
      DEVELOPER_REFERENCE,
    ],
    [
      "with the least of everything",
      {
        version: -(2 ** 31),
        services: 0n,
        timestamp: -(2n ** 63n),
        receiver: { services: 0n, host: "::", port: 0 },
        sender: { services: 0n, host: "::", port: 0 },
        nonce: 0n,
        userAgent: "",
        startHeight: -(2 ** 31),
        relay: false,
      },
      `00000080 ${"00".repeat(8)} 0000000000000080 ${"00".repeat(26 + 26 + 8)} 00 00000080 00`,
    ],
    [
      "with the most of everything",
      {
        version: 2 ** 31 - 1,
        services: 2n ** 64n - 1n,
        timestamp: 2n ** 63n - 1n,
        receiver: {
          services: 2n ** 64n - 1n,
          host: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          port: 65535,
        },
        sender: { services: 2n ** 64n - 1n, host: "255.255.255.255", port: 65535 },
        nonce: 2n ** 64n - 1n,
        userAgent: "/".repeat(256),
        startHeight: 2 ** 31 - 1,
        relay: true,
      },
      `ffffff7f ${"ff".repeat(8)} ffffffffffffff7f ${"ff".repeat(26)}` +
        `${"ff".repeat(8)} 00000000000000000000ffffffffffff ffff` +
        `${"ff".repeat(8)} fd0001 ${"2f".repeat(256)} ffffff7f 01`,
    ],
  ];

  test.each(table)("%s is its bytes, and back", (_, fields, hex) => {
    expect(new VersionMessage(fields).toBytes()).toEqual(fromHex(hex));
    expect(parseVersionMessage(fromHex(hex))).toEqual(new VersionMessage(fields));
  });

  test("wants relaying if its relay byte is anything but 0, as in Bitcoin Core", () => {
    const bytes = fromHex(DEVELOPER_REFERENCE);
    const relays = [0, 1, 2, 255].map((byte) => {
      bytes[bytes.length - 1] = byte;
      return parseVersionMessage(bytes).relay;
    });
    expect(relays).toEqual([false, true, true, true]);
  });

  test("may have more bytes after its last field, as in Bitcoin Core", () => {
    const longer = concat([fromHex(DEVELOPER_REFERENCE), fromHex("aabbcc")]);
    expect(parseVersionMessage(longer)).toEqual(parseVersionMessage(fromHex(DEVELOPER_REFERENCE)));
  });

  test.each([
    ["protocol version", 0],
    ["protocol version", 3],
    ["services", 4],
    ["timestamp", 12],
    ["services", 20],
    ["IP address", 28],
    ["port", 45],
    ["nonce", 79],
    ["length", 80],
    ["string", 81],
    ["string", 95],
    ["start height", 96],
    ["start height", 99],
  ])("that ends in its %s (after byte %d) is malformed", (field, length) => {
    expect(() => parseVersionMessage(fromHex(WIKI).subarray(0, length))).toThrow(
      expect.objectContaining({ code: "MALFORMED", message: expect.stringMatching(`^${field}: expected `) }),
    );
  });

  test.each([
    ["257 bytes", "fd0101", "OVERSIZED"],
    ["4 GB", "feffffffff", "OVERSIZED"],
    ["more than 2^53 bytes", "ffffffffffffffffff", "OVERSIZED"],
    ["15 bytes, said in three", "fd0f00", "MALFORMED"],
  ])("with a user agent of %s is refused", (_, length, code) => {
    const payload = concat([fromHex(WIKI).subarray(0, 80), fromHex(length), new Uint8Array(300)]);
    expect(() => parseVersionMessage(payload)).toThrow(
      expect.objectContaining({ name: "ProtocolError", code }),
    );
  });

  test("keeps a user agent that is not UTF-8 byte for byte", () => {
    const payload = fromHex(WIKI);
    payload[85] = 0xff;
    expect(parseVersionMessage(payload).userAgent).toBe("/Sat\udcffshi:0.7.2/");
    expect(parseVersionMessage(payload).toBytes()).toEqual(payload);
  });

  test("comes back as it was written", () => {
    fc.assert(
      fc.property(anyFields(), (fields) => {
        const message = new VersionMessage(fields);
        expect(parseVersionMessage(message.toBytes())).toEqual(message);
      }),
    );
  });

  test("or a ProtocolError is what any bytes are, and a message is written as the same bytes", () => {
    const property = fc.property(almostPayloads(), (payload) => {
      try {
        const bytes = parseVersionMessage(payload).toBytes();
        expect(bytes).toEqual(payload.slice(0, bytes.length));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

function anyFields(): fc.Arbitrary<VersionFields> {
  const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const address = fc.record({
    services: uint64,
    host: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(hostFromBytes),
    port: fc.nat(65535),
  });
  return fc.record({
    version: fc.integer(),
    services: uint64,
    timestamp: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    receiver: address,
    sender: address,
    nonce: uint64,
    userAgent: fc.string({ unit: "grapheme", maxLength: 10 }),
    startHeight: fc.integer(),
    relay: fc.option(fc.boolean(), { nil: undefined }),
  });
}

/** Any bytes, and payloads with one byte changed or cut short; never with a relay byte but 0 and 1, of which other bytes mean the same. */
function almostPayloads(): fc.Arbitrary<Uint8Array> {
  const payload = anyFields().map((fields) => new VersionMessage({ ...fields, relay: undefined }).toBytes());
  const oneByteOff = fc.tuple(payload, fc.nat(), fc.nat(255)).map(([bytes, offset, byte]) => {
    const copy = Uint8Array.from(bytes);
    copy[offset % 80] = byte;
    return copy;
  });
  const cut = fc.tuple(payload, fc.nat(200)).map(([bytes, length]) => bytes.slice(0, length));
  return fc.oneof(fc.uint8Array({ maxLength: 84 }), payload, oneByteOff, cut);
}
