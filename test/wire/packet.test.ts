import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
import {
  checksum,
  CHECKSUM_OFFSET,
  COMMAND_OFFSET,
  concat,
  fromHex,
  LENGTH_OFFSET,
  OUR_VERSION,
  Packet,
  parsePacket,
  ProtocolError,
  readCommand,
  readPackets,
  serializePacket,
  toHex,
  writeCommand,
} from "@course/lib/wire";

// The version message of https://en.bitcoin.it/wiki/Protocol_documentation#version, in its envelope.
const WIKI_VERSION =
  "f9beb4d9 76657273696f6e0000000000 64000000 3b648d5a" +
  "62ea0000 0100000000000000 11b2d05000000000" +
  "0100000000000000 00000000000000000000ffff00000000 0000" +
  "0100000000000000 00000000000000000000ffff00000000 0000" +
  "3b2eb35d8ce61765 0f2f5361746f7368693a302e372e322f c03e0300";
// https://en.bitcoin.it/wiki/Protocol_documentation#verack
const VERACK = "f9beb4d9 76657261636b000000000000 00000000 5df6e0e2";

async function* chunked(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

/** Reads the packets in a stream of chunks, as `[command, payload in hexadecimal]`. */
async function packetsIn(...chunks: Uint8Array[]): Promise<[string, string][]> {
  const packets: [string, string][] = [];
  for await (const { command, payload } of readPackets(chunked(...chunks))) {
    packets.push([command, toHex(payload)]);
  }
  return packets;
}

/** Returns a copy of some bytes with those from `offset` on replaced. */
function changed(bytes: Uint8Array, offset: number, hex: string): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(fromHex(hex), offset);
  return copy;
}

describe("the checksum", () => {
  test.each([
    // https://en.bitcoin.it/wiki/Protocol_documentation#Hashes
    ["hello", "9595c9df"],
    ["", "5df6e0e2"],
  ])("checksum(%j) is %s", (text, hex) => {
    expect(toHex(checksum(Buffer.from(text)))).toBe(hex);
  });
});

describe("a command", () => {
  test.each([
    ["version", "76657273696f6e0000000000"],
    ["verack", "76657261636b000000000000"],
    ["sendtxrcncl2", "73656e64747872636e636c32"],
    ["", "000000000000000000000000"],
  ])("the command %j is written as %s, and reads back", (command, hex) => {
    expect(toHex(writeCommand(command))).toBe(hex);
    expect(readCommand(fromHex(hex))).toBe(command);
  });

  test.each([
    ["has anything but NULs after the first NUL", "76657273696f6e0000000001"],
    ["has a NUL in it", "766572007369006f6e000000"],
    ["is not ASCII", "76657273c3b66e0000000000"],
    ["has a line end in it", "76657273696f6e0a00000000"],
    ["is shorter than 12 bytes", "76657273696f6e"],
    ["is longer than 12 bytes", "76657273696f6e000000000000"],
  ])("a command that %s is refused", (_, hex) => {
    expect(() => readCommand(fromHex(hex))).toThrow(
      new ProtocolError("BAD_COMMAND", `command: expected 12 bytes of ASCII padded with NULs, got ${hex}`),
    );
  });

  test.each(["thirteen_char", "vérsion", "ver\0sion"])("the command %j cannot be written", (command) => {
    expect(() => writeCommand(command)).toThrow(RangeError);
  });
});

describe("a packet", () => {
  test.each([
    ["version", WIKI_VERSION],
    ["verack", VERACK],
    ["version", toHex(OUR_VERSION)],
  ])("a packet of %s is read from %s, and written as the same bytes", (command, hex) => {
    const bytes = fromHex(hex);
    const packet = Packet.fromBytes(bytes);
    expect(packet.command).toBe(command);
    expect(packet.payload).toEqual(bytes.subarray(24));
    expect(packet.toBytes()).toEqual(bytes);
  });

  const good = fromHex(VERACK);
  test.each<[string, Uint8Array, string, string]>([
    [
      "of the test network",
      changed(good, 0, "0b110907"),
      "BAD_MAGIC",
      "magic: expected f9beb4d9, got 0b110907",
    ],
    [
      "with another checksum",
      changed(good, CHECKSUM_OFFSET, "deadbeef"),
      "BAD_CHECKSUM",
      "checksum of verack: expected deadbeef, which the header announces, got 5df6e0e2",
    ],
    [
      "that announces 4 GB",
      changed(good, LENGTH_OFFSET, "ffffffff"),
      "OVERSIZED",
      "length: expected at most 4000000, got 4294967295",
    ],
    [
      "that announces one byte more than the limit",
      changed(good, LENGTH_OFFSET, "01093d00"),
      "OVERSIZED",
      "length: expected at most 4000000, got 4000001",
    ],
    [
      "with other bytes than NULs after its command",
      changed(good, COMMAND_OFFSET + 11, "ff"),
      "BAD_COMMAND",
      "command: expected 12 bytes of ASCII padded with NULs, got 76657261636b0000000000ff",
    ],
    ["with a byte too many", concat([good, fromHex("00")]), "MALFORMED", "payload: expected 0 bytes, got 1"],
    ["with a byte too few", OUR_VERSION.subarray(0, -1), "MALFORMED", "payload: expected 106 bytes, got 105"],
    [
      "with half a header",
      good.subarray(0, 12),
      "MALFORMED",
      "header: expected 24 bytes from byte 0 on, got 12",
    ],
    ["of no bytes", new Uint8Array(0), "MALFORMED", "header: expected 24 bytes from byte 0 on, got 0"],
  ])("a packet %s is refused", (_, bytes, code, message) => {
    expect(() => Packet.fromBytes(bytes)).toThrow(
      expect.objectContaining({ name: "ProtocolError", code, message }),
    );
  });

  test("serializePacket() without a payload writes an empty one", () => {
    expect(serializePacket("verack")).toEqual(good);
  });

  test("a packet may have a payload of 4,000,000 bytes, and not one more", () => {
    const largest = new Uint8Array(4_000_000);
    expect(Packet.fromBytes(serializePacket("block", largest)).payload).toHaveLength(4_000_000);
    expect(() => serializePacket("block", new Uint8Array(4_000_001))).toThrow(
      new RangeError("expected a payload of at most 4000000 bytes, got 4000001"),
    );
  });

  const commands = fc.string({ minLength: 0, maxLength: 12 });
  test("any command and payload read back as they were written", () => {
    const property = fc.property(commands, fc.uint8Array({ maxLength: 300 }), (command, payload) => {
      expect(parsePacket(serializePacket(command, payload))).toEqual({ command, payload });
    });
    fc.assert(property);
  });

  test("parsePacket() of any bytes throws a ProtocolError, or returns what is written as the same bytes", () => {
    const property = fc.property(almostPackets(), (bytes) => {
      try {
        const { command, payload } = parsePacket(bytes);
        expect(serializePacket(command, payload)).toEqual(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

/** Generates any bytes, and packets with a byte changed, with bytes missing, or with bytes added. */
function almostPackets(): fc.Arbitrary<Uint8Array> {
  const any = fc.uint8Array({ maxLength: 200 });
  const packet = fc.uint8Array({ maxLength: 40 }).map((payload) => serializePacket("ping", payload));
  const oneByteOff = fc.tuple(packet, fc.nat(63), fc.nat(255)).map(([bytes, offset, byte]) => {
    const copy = Uint8Array.from(bytes);
    copy[offset % copy.length] = byte;
    return copy;
  });
  const cut = fc.tuple(packet, fc.nat(64)).map(([bytes, length]) => bytes.slice(0, length));
  const extended = fc.tuple(packet, any).map((parts) => concat(parts));
  return fc.oneof(any, packet, oneByteOff, cut, extended);
}

describe("readPackets", () => {
  const recording = recordingOf("btcd");
  const session = concat(recordedChunks(recording));
  const expected = recording.messages.map(({ command, length }) => [command, length]);
  const namesAndLengths = async (...chunks: Uint8Array[]) =>
    (await packetsIn(...chunks)).map(([command, payload]) => [command, payload.length / 2]);

  test("readPackets() yields the packets of a recording in its own chunks", async () => {
    expect(await namesAndLengths(...recordedChunks(recording))).toEqual(expected);
  });

  test("readPackets() yields all packets that are in one chunk", async () => {
    expect(await namesAndLengths(session)).toEqual(expected);
  });

  test("readPackets() yields the same packets wherever the stream is cut in two", async () => {
    const whole = await packetsIn(session);
    for (let cut = 0; cut <= session.length; cut++) {
      expect(await packetsIn(session.subarray(0, cut), session.subarray(cut))).toEqual(whole);
    }
  });

  test("readPackets() yields the same packets at one byte per chunk", async () => {
    const bytes = Array.from(session, (byte) => Uint8Array.of(byte));
    expect(await packetsIn(...bytes)).toEqual(await packetsIn(session));
  });

  test("readPackets() yields the same packets for any chunks", async () => {
    const cuts = fc.array(fc.nat(session.length), { maxLength: 20 });
    const whole = await packetsIn(session);
    const property = fc.asyncProperty(cuts, async (offsets) => {
      const sorted = [0, ...offsets.sort((a, b) => a - b), session.length];
      const chunks = sorted.slice(1).map((end, i) => session.subarray(sorted[i], end));
      expect(await packetsIn(...chunks)).toEqual(whole);
    });
    await fc.assert(property);
  });

  test("readPackets() yields a packet before it asks for the next chunk", async () => {
    const [first] = recordedChunks(recording);
    const packets = readPackets(
      (async function* () {
        yield first;
        throw new Error("the second chunk was asked for");
      })(),
    );
    expect((await packets.next()).value).toMatchObject({ command: "version" });
    expect((await packets.next()).value).toMatchObject({ command: "verack" });
    await expect(packets.next()).rejects.toThrow("the second chunk was asked for");
  });

  test("readPackets() ends when the stream ends, even in the middle of a packet", async () => {
    expect(await packetsIn()).toEqual([]);
    expect(await packetsIn(OUR_VERSION.subarray(0, 129))).toEqual([]);
    expect(await packetsIn(fromHex(VERACK), OUR_VERSION.subarray(0, 10))).toEqual([["verack", ""]]);
  });

  test.each<[string, string, string]>([
    ["another network's magic", "BAD_MAGIC", "0b110907"],
    ["HTTP", "BAD_MAGIC", Buffer.from("HTTP/1.1 400 Bad Request\r\n").toString("hex")],
    ["a length of 4 GB", "OVERSIZED", "f9beb4d9 76657261636b000000000000 ffffffff"],
    ["a bad checksum", "BAD_CHECKSUM", "f9beb4d9 76657261636b000000000000 00000000 00000000"],
  ])("readPackets() yields the packets before %s, and then throws %s", async (_, code, hex) => {
    const bad = concat([fromHex(hex), new Uint8Array(24)]);
    const packets = readPackets(chunked(concat([fromHex(VERACK), bad])));
    expect((await packets.next()).value).toEqual(new Packet("verack", new Uint8Array(0)));
    await expect(packets.next()).rejects.toMatchObject({ name: "ProtocolError", code });
  });

  test("readPackets() throws after the header of a packet that is too long, without asking for its bytes", async () => {
    const header = fromHex("f9beb4d9 626c6f636b00000000000000 01093d00 00000000");
    const packets = readPackets(
      (async function* () {
        yield header;
        throw new Error("more bytes were asked for");
      })(),
    );
    await expect(packets.next()).rejects.toMatchObject({ code: "OVERSIZED" });
  });

  test("readPackets() of any bytes yields packets, or throws a ProtocolError", async () => {
    const property = fc.asyncProperty(fc.array(almostPackets(), { maxLength: 4 }), async (chunks) => {
      try {
        await packetsIn(...chunks);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    });
    await fc.assert(property, { numRuns: 300 });
  });
});
