import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { recordedChunks, RECORDINGS } from "@course/lib/recordings";
import {
  AddrMessage,
  AddrV2Message,
  concat,
  EmptyMessage,
  fromHex,
  Packet,
  parseMessage,
  PingMessage,
  PongMessage,
  readPackets,
  serializeMessage,
  toHex,
  UnknownMessage,
  VersionMessage,
} from "@course/lib/wire";
import { ADDR_VECTORS, BAD_ADDR_VECTORS } from "./vectors/addr";
import { BAD_CONTROL_VECTORS, CONTROL_VECTORS, PACKET_VECTORS } from "./vectors/control";
import { VERSION_VECTORS } from "./vectors/version";

const VECTORS = [...VERSION_VECTORS, ...CONTROL_VECTORS, ...ADDR_VECTORS];
const BAD_VECTORS = [...BAD_CONTROL_VECTORS, ...BAD_ADDR_VECTORS];

describe("a published message", () => {
  test.each(VECTORS)("$title is read from its bytes, and written as them ($source)", ({ message, hex }) => {
    const payload = fromHex(hex);
    const read = parseMessage({ command: message.command, payload });
    expect(read).toEqual(message);
    expect(read).toBeInstanceOf(message.constructor);
    expect(read.command).toBe(message.command);
    expect(read.toBytes()).toEqual(payload);
    expect(serializeMessage(message)).toEqual(new Packet(message.command, payload));
  });

  test.each(BAD_VECTORS)("$title is refused ($source)", ({ command, hex, code, message }) => {
    expect(() => parseMessage({ command, payload: fromHex(hex) })).toThrow(
      expect.objectContaining({ name: "ProtocolError", code, message }),
    );
  });

  test.each(PACKET_VECTORS)("the packet of %s is read from %s, and written as it (%s)", (command, hex) => {
    const packet = Packet.fromBytes(fromHex(hex));
    expect(packet.command).toBe(command);
    expect(toHex(serializeMessage(parseMessage(packet)).toBytes())).toBe(hex.replace(/\s/g, ""));
  });
});

describe("a recording", () => {
  test.each(
    RECORDINGS.map((recording): [string, typeof recording] => [
      `${recording.software} ${recording.version}`,
      recording,
    ]),
  )("the messages of %s are written as the bytes they were read from", async (_, recording) => {
    const chunks = recordedChunks(recording);
    const written: Uint8Array[] = [];
    const stream = (async function* () {
      yield* chunks;
    })();
    for await (const packet of readPackets(stream)) {
      written.push(serializeMessage(parseMessage(packet)).toBytes());
    }
    expect(concat(written)).toEqual(concat(chunks));
  });
});

describe("bytes after a message", () => {
  test.each(VECTORS.filter(({ message }) => !(message instanceof UnknownMessage)))(
    "bytes after a message are allowed, as in Bitcoin Core, and written again: $title",
    ({ message, hex }) => {
      // Core reads the fields it knows and ignores the rest of a payload: net_processing.cpp, ProcessMessage
      const payload = concat([fromHex(hex), fromHex(relayOf(message)), fromHex("00112233445566778899")]);
      const read = parseMessage({ command: message.command, payload });
      expect(Object.keys(read)).toEqual(Object.keys(message));
      expect(read.toBytes()).toEqual(payload);
    },
  );

  /** Returns the relay byte that a version message must have before more bytes can follow. */
  function relayOf(message: unknown): string {
    return message instanceof VersionMessage && message.relay === undefined ? "01" : "";
  }

  test("bytes after a message are not written by a message built from its fields", () => {
    const read = AddrMessage.fromBytes(fromHex("00 ffff"));
    expect(new AddrMessage(read.addresses).toBytes()).toEqual(fromHex("00"));
  });

  test("bytes after a message are copied, so that the payload may be written to", () => {
    const payload = fromHex("00 ffff");
    const message = AddrMessage.fromBytes(payload);
    payload.fill(0xaa);
    expect(toHex(message.toBytes())).toBe("00ffff");
  });
});

describe("a message", () => {
  test.each([
    [new EmptyMessage("verack"), "EmptyMessage { command: 'verack' }"],
    [new PingMessage(7n), "PingMessage { nonce: 7n }"],
    [new PongMessage(7n), "PongMessage { nonce: 7n }"],
    [PingMessage.fromBytes(fromHex("0700000000000000ffff")), "PingMessage { nonce: 7n }"],
    [new AddrMessage([]), "AddrMessage { addresses: [] }"],
  ])("a message prints as its fields: %o", (message, text) => {
    expect(inspect(message)).toBe(text);
  });

  test("a message with an unknown command keeps its payload", () => {
    const packet = new Packet("feefilter", fromHex("e803000000000000"));
    expect(parseMessage(packet)).toEqual(new UnknownMessage("feefilter", packet.payload));
    expect(serializeMessage(parseMessage(packet))).toEqual(packet);
  });

  test.each(["constructor", "__proto__", "toString", "Version", "VERSION", ""])(
    "a message with the command %j is an UnknownMessage",
    (command) => {
      expect(parseMessage(new Packet(command, fromHex("00")))).toBeInstanceOf(UnknownMessage);
    },
  );

  const address = { time: 0, services: 0n, host: "1.2.3.4", port: 8333 };
  const V3 = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
  test.each([
    ["1001 addresses", new AddrMessage(Array(1001).fill(address))],
    ["a time before 1970", new AddrMessage([{ ...address, time: -1 }])],
    ["a time after 2106", new AddrMessage([{ ...address, time: 2 ** 32 }])],
    ["a name for a host", new AddrMessage([{ ...address, host: "localhost" }])],
    ["a Tor v3 host in addr, which has no room for it", new AddrMessage([{ ...address, host: V3 }])],
    ["an IPv6 host in the network IPv4", new AddrV2Message([{ ...address, networkId: 1, host: "::1" }])],
    [
      "a Tor v3 host with another checksum",
      new AddrV2Message([{ ...address, networkId: 4, host: `a${V3.slice(1)}` }]),
    ],
    [
      "an I2P host with too many bits",
      new AddrV2Message([{ ...address, networkId: 5, host: `${"7".repeat(52)}.b32.i2p` }]),
    ],
    [
      "513 bytes of an unknown network",
      new AddrV2Message([{ ...address, networkId: 99, host: "00".repeat(513) }]),
    ],
    [
      "an unknown network's host that is not hexadecimal",
      new AddrV2Message([{ ...address, networkId: 99, host: "1.2.3.4" }]),
    ],
    ["a network past 255", new AddrV2Message([{ ...address, networkId: 256, host: "00" }])],
    ["services past 64 bits", new AddrV2Message([{ ...address, networkId: 1, services: 2n ** 64n }])],
    ["negative services", new AddrV2Message([{ ...address, networkId: 1, services: -1n }])],
    ["a nonce past 64 bits", new PongMessage(2n ** 64n)],
  ])("a message with %s cannot be written", (_, message) => {
    expect(() => message.toBytes()).toThrow(RangeError);
  });

  test.each([0, 100000000, 100000001, 0x83766279, 0xffffffff])(
    "AddrMessage keeps the time %d of an address, also where Bitcoin Core replaces it",
    (time) => {
      // net_processing.cpp, ADDR: five days ago if nTime <= 100000000 or more than ten minutes in the future
      const { addresses } = AddrMessage.fromBytes(new AddrMessage([{ ...address, time }]).toBytes());
      expect(addresses[0].time).toBe(time);
    },
  );

  test.each([2n ** 32n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])(
    "AddrMessage and AddrV2Message keep the services %d of an address exactly",
    (services) => {
      const v1 = AddrMessage.fromBytes(new AddrMessage([{ ...address, services }]).toBytes());
      const v2 = AddrV2Message.fromBytes(
        new AddrV2Message([{ ...address, networkId: 1, services }]).toBytes(),
      );
      expect([v1.addresses[0].services, v2.addresses[0].services]).toEqual([services, services]);
    },
  );
});
