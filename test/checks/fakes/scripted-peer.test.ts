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

async function connect([host, port]: AddressTuple): Promise<net.Socket> {
  const socket = net.connect({ host, port });
  await once(socket, "connect");
  return socket;
}

/** Returns the chunks that arrive until they have this many bytes. */
async function receive(socket: net.Socket, length: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  while (Buffer.concat(chunks).length < length) chunks.push((await once(socket, "data"))[0] as Buffer);
  return chunks;
}

test.each(RECORDINGS.map((recording) => [`${recording.software} ${recording.version}`, recording]))(
  "a peer sends what %s was recorded to send, once it has received OUR_VERSION",
  async (_, recording) => {
    const chunks = recordedChunks(recording);
    const peer = await startPeer({ chunks }, controller.signal);
    const socket = await connect(peer.address);
    socket.write(OUR_VERSION.subarray(0, 100));
    socket.write(OUR_VERSION.subarray(100));
    const expected = Buffer.concat(chunks);
    expect(toHex(Buffer.concat(await receive(socket, expected.length)))).toBe(toHex(expected));
    expect(toHex(peer.connections[0].received())).toBe(toHex(OUR_VERSION));
    socket.destroy();
  },
);

test("a peer waits for all of OUR_VERSION", async () => {
  const peer = await startPeer({ chunks: [Uint8Array.of(1)] }, controller.signal);
  const socket = await connect(peer.address);
  let received = 0;
  socket.on("data", (chunk) => (received += chunk.length));
  socket.write(OUR_VERSION.subarray(0, 129));
  await expect.poll(() => peer.connections[0]?.received().length).toBe(129);
  expect(received).toBe(0);
  socket.write(OUR_VERSION.subarray(129));
  await expect.poll(() => received).toBe(1);
  socket.destroy();
});

test("a peer sends chunks of one byte in separate turns", async () => {
  const bytes = Array.from({ length: 100 }, (_, i) => Uint8Array.of(i));
  const peer = await startPeer({ chunks: bytes }, controller.signal);
  const socket = await connect(peer.address);
  socket.write(OUR_VERSION);
  expect((await receive(socket, 100)).length).toBeGreaterThan(10);
  socket.destroy();
});

test("a peer hangs up at once, or after its last chunk", async () => {
  const atOnce = await connect((await startPeer({ hangsUp: true }, controller.signal)).address);
  atOnce.resume();
  await expect.poll(() => atOnce.readableEnded).toBe(true);

  const script = { chunks: [Uint8Array.of(7)], hangsUp: true };
  const later = await connect((await startPeer(script, controller.signal)).address);
  later.write(OUR_VERSION);
  expect(await receive(later, 1)).toEqual([Buffer.of(7)]);
  await expect.poll(() => later.readableEnded).toBe(true);
});

test("a connection knows whether its caller has closed the socket", async () => {
  const peer = await startPeer({}, controller.signal);
  const socket = await connect(peer.address);
  await expect.poll(() => peer.connections.length).toBe(1);
  expect(await peer.connections[0].closesWithin(10)).toBe(false);
  const closes = peer.connections[0].closesWithin(10_000);
  socket.destroy();
  expect(await closes).toBe(true);
});

test("refusingAddress() returns an address that refuses connections, and that nobody else can have", async () => {
  const address = await refusingAddress(controller.signal);
  expect((await visit(address)).error).toMatchObject({ code: "REFUSED" });
  const [host, port] = address;
  const other = net.createServer().listen({ host, port });
  await expect(once(other, "listening")).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("a peer whose signal is aborted closes its connections, and refuses new ones", async () => {
  const { address } = await startPeer({}, controller.signal);
  const socket = await connect(address);
  socket.resume();
  const closed = once(socket, "close");
  controller.abort();
  await closed;
  expect((await visit(address)).error).toMatchObject({ code: "REFUSED" });
});
