import fc from "fast-check";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  concat,
  fromHex,
  hostFromBytes,
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  Packet,
  ProtocolError,
  toHex,
  type VersionFields,
  VersionMessage,
} from "@course/lib/wire";
import { REFERENCE_VERSION, WIKI_VERSION } from "./vectors/version";

const HEADER = "f9beb4d976657273696f6e00000000006a0000009b228b9e";
const PAYLOAD =
  "7f1101000f040000000000009341555b000000000f040000000000000000000000000000000000000000000000000f04" +
  "0000000000000000000000000000000000000000000000007256c5439b3aea89142f736f6d652d636f6f6c2d736f6674" +
  "776172652f0100000001";

const WIKI = WIKI_VERSION.hex;

describe("our version message", () => {
  test("OUR_VERSION is the 130 bytes that the course promises", () => {
    expect(toHex(OUR_VERSION)).toBe(HEADER + PAYLOAD);
  });

  test("OUR_VERSION reads back as OUR_VERSION_MESSAGE", () => {
    expect(VersionMessage.fromBytes(Packet.fromBytes(OUR_VERSION).payload)).toEqual(OUR_VERSION_MESSAGE);
  });
});

describe("a version message", () => {
  const table: [string, VersionFields, string][] = [
    [
      "with the minimum in every field",
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
      "with the maximum in every field",
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

  test.each(table)("a version message %s is written as its bytes, and reads back", (_, fields, hex) => {
    expect(new VersionMessage(fields).toBytes()).toEqual(fromHex(hex));
    expect(VersionMessage.fromBytes(fromHex(hex))).toEqual(new VersionMessage(fields));
  });

  test("a relay byte other than 0 means true, as in Bitcoin Core, and is written unchanged", () => {
    // net_processing.cpp reads fRelay as a bool, which in serialize.h is true for any byte but 0
    const bytes = fromHex(REFERENCE_VERSION.hex);
    for (const [byte, relay] of [
      [0, false] as const,
      [1, true] as const,
      [2, true] as const,
      [255, true] as const,
    ]) {
      bytes[bytes.length - 1] = byte;
      expect(VersionMessage.fromBytes(bytes).relay).toBe(relay);
      expect(VersionMessage.fromBytes(bytes).toBytes()).toEqual(bytes);
    }
  });

  test("a version message may have bytes after its last field, as in Bitcoin Core, and is written with them", () => {
    const longer = concat([fromHex(REFERENCE_VERSION.hex), fromHex("aabbcc")]);
    expect(VersionMessage.fromBytes(longer)).toEqual(REFERENCE_VERSION.message);
    expect(inspect(VersionMessage.fromBytes(longer))).toBe(inspect(REFERENCE_VERSION.message));
    expect(VersionMessage.fromBytes(longer).toBytes()).toEqual(longer);
  });

  // net_processing.cpp reads each field after the receiver only if bytes are left, and has values for the
  // rest: nNonce{1}, starting_height{-1}, an empty user agent. According to the protocol documentation,
  // peers below 106 end after the receiver. Core disconnects all below 31800.
  const { version, services, timestamp, receiver, sender, nonce, userAgent } = VersionMessage.fromBytes(
    fromHex(WIKI),
  );
  const unspecified = { services: 0n, host: "::", port: 0 };
  test.each([
    ["the receiver", 46, { sender: unspecified, nonce: 1n, userAgent: "", startHeight: -1 }],
    ["the nonce", 80, { sender, nonce, userAgent: "", startHeight: -1 }],
    ["the user agent", 96, { sender, nonce, userAgent, startHeight: -1 }],
  ])(
    "a version message that ends after %s (byte %d) has Bitcoin Core's values for the rest",
    (_, length, rest) => {
      const payload = fromHex(WIKI).subarray(0, length);
      const fields = { version, services, timestamp, receiver, ...rest, relay: undefined };
      expect(VersionMessage.fromBytes(payload)).toEqual(new VersionMessage(fields));
      expect(VersionMessage.fromBytes(payload).toBytes()).toEqual(payload);
    },
  );

  test.each([-(2 ** 31), -1, 0, 1, 31799, 60000, 2 ** 31 - 1])(
    "a version message may have the protocol version %d",
    (version) => {
      // Core disconnects peers below MIN_PEER_PROTO_VERSION, 31800 (node/protocol_version.h); a crawl counts them
      const { startHeight, relay } = WIKI_VERSION.message as VersionMessage;
      const fields = { version, services, timestamp, receiver, sender, nonce, userAgent, startHeight, relay };
      expect(VersionMessage.fromBytes(new VersionMessage(fields).toBytes())).toEqual(
        new VersionMessage(fields),
      );
    },
  );

  test.each([
    ["a height of -1, as Core stores it", 96, "ffffffff", { startHeight: -1 }],
    ["a time of 0", 12, "0000000000000000", { timestamp: 0n }],
    ["a time before 1970, which Core reads as 0", 12, "ffffffffffffffff", { timestamp: -1n }],
    ["a time in 300 thousand million years", 12, "ffffffffffffff7f", { timestamp: 2n ** 63n - 1n }],
  ])("a version message keeps %s", (_, offset, hex, fields) => {
    const payload = fromHex(WIKI);
    payload.set(fromHex(hex), offset);
    expect(VersionMessage.fromBytes(payload)).toMatchObject(fields);
    expect(VersionMessage.fromBytes(payload).toBytes()).toEqual(payload);
  });

  test.each([
    ["protocol version", 0],
    ["protocol version", 3],
    ["services", 4],
    ["timestamp", 12],
    ["services", 20],
    ["IP address", 28],
    ["port", 45],
    ["services", 47],
    ["nonce", 79],
    ["string", 81],
    ["string", 95],
    ["start height", 97],
    ["start height", 99],
  ])("a version message that ends in its %s (after byte %d) is malformed", (field, length) => {
    expect(() => VersionMessage.fromBytes(fromHex(WIKI).subarray(0, length))).toThrow(
      expect.objectContaining({ code: "MALFORMED", message: expect.stringMatching(`^${field}: expected `) }),
    );
  });

  test.each([
    ["257 bytes", "fd0101", "OVERSIZED"],
    ["4 GB", "feffffffff", "OVERSIZED"],
    ["more than 2^53 bytes", "ffffffffffffffffff", "OVERSIZED"],
    ["15 bytes, with the length in three", "fd0f00", "MALFORMED"],
  ])("a version message with a user agent of %s is refused", (_, length, code) => {
    const payload = concat([fromHex(WIKI).subarray(0, 80), fromHex(length), new Uint8Array(300)]);
    expect(() => VersionMessage.fromBytes(payload)).toThrow(
      expect.objectContaining({ name: "ProtocolError", code }),
    );
  });

  test("a version message keeps each byte of a user agent that is not UTF-8", () => {
    const payload = fromHex(WIKI);
    payload[85] = 0xff;
    expect(VersionMessage.fromBytes(payload).userAgent).toBe("/Sat\udcffshi:0.7.2/");
    expect(VersionMessage.fromBytes(payload).toBytes()).toEqual(payload);
  });

  test("a version message of any fields reads back as it was written", () => {
    fc.assert(
      fc.property(anyFields(), (fields) => {
        const message = new VersionMessage(fields);
        expect(VersionMessage.fromBytes(message.toBytes())).toEqual(message);
      }),
    );
  });

  test("VersionMessage.fromBytes() of any bytes throws a ProtocolError, or returns what is written as the same bytes", () => {
    const property = fc.property(almostPayloads(), (payload) => {
      try {
        expect(VersionMessage.fromBytes(payload).toBytes()).toEqual(payload);
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

/** Generates any bytes, and payloads with one byte changed, cut short, or with bytes added. */
function almostPayloads(): fc.Arbitrary<Uint8Array> {
  const payload = anyFields().map((fields) => new VersionMessage(fields).toBytes());
  const oneByteOff = fc.tuple(payload, fc.nat(), fc.nat(255)).map(([bytes, offset, byte]) => {
    const copy = Uint8Array.from(bytes);
    copy[offset % copy.length] = byte;
    return copy;
  });
  const cut = fc.tuple(payload, fc.nat(200)).map(([bytes, length]) => bytes.slice(0, length));
  const extended = fc.tuple(payload, fc.uint8Array({ maxLength: 20 })).map((parts) => concat(parts));
  return fc.oneof(fc.uint8Array({ maxLength: 84 }), payload, oneByteOff, cut, extended);
}
