import { once } from "node:events";
import net, { type Socket } from "node:net";
import "@course/lib/peer";
import {
  checksum,
  concat,
  fromHex,
  OUR_VERSION,
  Packet,
  ProtocolError,
  serializePacket,
  toHex,
} from "@course/lib/wire";
import { describe, expect, onTestFinished, test } from "vitest";
import { listen } from "../helpers/loopback";

const VERACK = "f9beb4d9 76657261636b000000000000 00000000 5df6e0e2";

/** A copy with other bytes at `offset`. */
function changed(bytes: Uint8Array, offset: number, hex: string): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(fromHex(hex), offset);
  return copy;
}

describe("Packet.fromSocket", () => {
  /** Opens a socket to a peer that passes its side to `onConnection`. */
  async function socketTo(onConnection: (socket: Socket) => void): Promise<Socket> {
    const { address } = await listen(onConnection);
    const socket = net.connect(address[1], address[0]);
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  }

  test("Packet.fromSocket() reads one packet, and leaves the bytes after it on the socket", async () => {
    const three = concat([
      OUR_VERSION,
      fromHex(VERACK),
      serializePacket("ping", fromHex("0102030405060708")),
    ]);
    const socket = await socketTo((peer) => peer.write(three));
    expect((await Packet.fromSocket(socket)).toBytes()).toEqual(OUR_VERSION);
    expect((await Packet.fromSocket(socket)).command).toBe("verack");
    expect(toHex((await Packet.fromSocket(socket)).payload)).toBe("0102030405060708");
  });

  test("Packet.fromSocket() waits for packets that arrive later, one byte per chunk", async () => {
    const socket = await socketTo((peer) => {
      peer.setNoDelay();
      peer.on("data", (request) => {
        for (const byte of request) peer.write(Uint8Array.of(byte));
      });
    });
    for (const packet of [new Packet("version", fromHex("aabb")), Packet.fromBytes(fromHex(VERACK))]) {
      const answer = Packet.fromSocket(socket);
      socket.write(packet.toBytes());
      expect((await answer).toBytes()).toEqual(packet.toBytes());
    }
  });

  test("Packet.fromSocket() reads a packet that is larger than the socket's buffer", async () => {
    const block = serializePacket("block", new Uint8Array(1_000_000).fill(7));
    const socket = await socketTo((peer) => peer.write(block));
    const { payload } = await Packet.fromSocket(socket);
    expect([payload.length, checksum(payload)]).toEqual([1_000_000, block.slice(20, 24)]);
  });

  test("Packet.fromSocket() reads the last packet of a peer that has closed the connection, and then rejects", async () => {
    const socket = await socketTo((peer) => peer.end(fromHex(VERACK)));
    expect((await Packet.fromSocket(socket)).command).toBe("verack");
    await expect(Packet.fromSocket(socket)).rejects.toMatchObject({ code: "MALFORMED" });
    await expect(Packet.fromSocket(socket)).rejects.toMatchObject({ code: "MALFORMED" });
  });

  test.each([
    ["at once", 0],
    ["in the header", 20],
    ["between header and payload", 24],
    ["in the payload", 100],
  ])("Packet.fromSocket() rejects when the connection ends %s", async (_, length) => {
    const socket = await socketTo((peer) => peer.end(OUR_VERSION.subarray(0, length)));
    await expect(Packet.fromSocket(socket)).rejects.toThrow(
      new ProtocolError(
        "MALFORMED",
        `expected ${length < 24 ? 24 : 106} more bytes, and the connection ended`,
      ),
    );
  });

  test("Packet.fromSocket() rejects when the socket is destroyed on our side", async () => {
    const socket = await socketTo(() => {});
    const packet = Packet.fromSocket(socket);
    socket.destroy();
    await expect(packet).rejects.toMatchObject({ code: "MALFORMED" });
    await expect(Packet.fromSocket(socket)).rejects.toMatchObject({ code: "MALFORMED" });
  });

  test.each([
    ["BAD_MAGIC", changed(OUR_VERSION, 0, "00")],
    ["OVERSIZED", changed(OUR_VERSION, 16, "ffffffff")],
    ["BAD_CHECKSUM", changed(OUR_VERSION, 129, "00")],
  ])("Packet.fromSocket() rejects with %s when the packet is wrong in that way", async (code, bytes) => {
    const socket = await socketTo((peer) => peer.write(bytes));
    await expect(Packet.fromSocket(socket)).rejects.toMatchObject({ name: "ProtocolError", code });
  });
});
