import { once } from "node:events";
import net from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AddressTuple, visit } from "@course/lib/peer";
import { recordedChunks, RECORDINGS } from "@course/lib/recordings";
import { OUR_VERSION, toHex } from "@course/lib/wire";
import { refusingAddress, startPeer } from "@course/lib/checks";

let controller: AbortController;
beforeEach(() => void (controller = new AbortController()));
afterEach(() => controller.abort());

async function callUp([host, port]: AddressTuple): Promise<net.Socket> {
  const socket = net.connect({ host, port });
  await once(socket, "connect");
  return socket;
}

/** All that comes until as many bytes are here. */
async function hear(socket: net.Socket, length: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  while (Buffer.concat(chunks).length < length) chunks.push((await once(socket, "data"))[0] as Buffer);
  return chunks;
}

test.each(RECORDINGS.map((recording) => [`${recording.software} ${recording.version}`, recording]))(
  "a peer says what %s was recorded to say, once it has been sent our version",
  async (_, recording) => {
    const chunks = recordedChunks(recording);
    const peer = await startPeer({ chunks }, controller.signal);
    const socket = await callUp(peer.address);
    socket.write(OUR_VERSION.subarray(0, 100));
    socket.write(OUR_VERSION.subarray(100));
    const expected = Buffer.concat(chunks);
    expect(toHex(Buffer.concat(await hear(socket, expected.length)))).toBe(toHex(expected));
    expect(toHex(peer.connections[0].received())).toBe(toHex(OUR_VERSION));
    socket.destroy();
  },
);

test("a peer waits for all of our version", async () => {
  const peer = await startPeer({ chunks: [Uint8Array.of(1)] }, controller.signal);
  const socket = await callUp(peer.address);
  let heard = 0;
  socket.on("data", (chunk) => (heard += chunk.length));
  socket.write(OUR_VERSION.subarray(0, 129));
  await expect.poll(() => peer.connections[0]?.received().length).toBe(129);
  expect(heard).toBe(0);
  socket.write(OUR_VERSION.subarray(129));
  await expect.poll(() => heard).toBe(1);
  socket.destroy();
});

test("bytes in chunks of one arrive in more than a few", async () => {
  const bytes = Array.from({ length: 100 }, (_, i) => Uint8Array.of(i));
  const peer = await startPeer({ chunks: bytes }, controller.signal);
  const socket = await callUp(peer.address);
  socket.write(OUR_VERSION);
  expect((await hear(socket, 100)).length).toBeGreaterThan(10);
  socket.destroy();
});

test("a peer hangs up at once, or after what it had to say", async () => {
  const atOnce = await callUp((await startPeer({ hangsUp: true }, controller.signal)).address);
  atOnce.resume();
  await expect.poll(() => atOnce.readableEnded).toBe(true);

  const plan = { chunks: [Uint8Array.of(7)], hangsUp: true };
  const later = await callUp((await startPeer(plan, controller.signal)).address);
  later.write(OUR_VERSION);
  expect(await hear(later, 1)).toEqual([Buffer.of(7)]);
  await expect.poll(() => later.readableEnded).toBe(true);
});

test("a call knows whether its caller has closed the socket", async () => {
  const peer = await startPeer({}, controller.signal);
  const socket = await callUp(peer.address);
  await expect.poll(() => peer.connections.length).toBe(1);
  expect(await peer.connections[0].closesWithin(10)).toBe(false);
  const closes = peer.connections[0].closesWithin(10_000);
  socket.destroy();
  expect(await closes).toBe(true);
});

test("nobody listens at the address of nobody", async () => {
  expect((await visit(await refusingAddress())).error).toMatchObject({ code: "REFUSED" });
});

test("when it is over, the peer is gone and its callers are hung up on", async () => {
  const { address } = await startPeer({}, controller.signal);
  const socket = await callUp(address);
  socket.resume();
  const closed = once(socket, "close");
  controller.abort();
  await closed;
  expect((await visit(address)).error).toMatchObject({ code: "REFUSED" });
});
