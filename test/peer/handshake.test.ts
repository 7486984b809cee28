import { once } from "node:events";
import net, { type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AddressTuple, getVersionMessage, PeerError, type PeerErrorCode, visit } from "@course/lib/peer";
import { recordedChunks, type Recording, recordingOf, RECORDINGS } from "@course/lib/recordings";
import {
  CHECKSUM_OFFSET,
  COMMAND_OFFSET,
  concat,
  fromHex,
  LENGTH_OFFSET,
  OUR_VERSION,
  ProtocolError,
  type ProtocolErrorCode,
  serializePacket,
  VersionMessage,
} from "@course/lib/wire";
import { listen, nobody } from "../helpers/loopback";

const BTCD_CHUNKS = recordedChunks(recordingOf("btcd"));
const BTCD = "/btcwire:0.5.0/btcd:0.26.2/";

const hasIPv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === "::1"),
);

/** Calls `visit`, and resolves or rejects as `getVersionMessage` does. */
async function visitOrThrow(address: AddressTuple): Promise<VersionMessage> {
  const { versionMessage, error } = await visit(address);
  if (versionMessage) return versionMessage;
  throw error as Error;
}

/** Calls `act` once a socket has received all of OUR_VERSION. */
function afterOurVersion(socket: Socket, act: () => void): void {
  let received = 0;
  const onData = (bytes: Buffer) => {
    received += bytes.length;
    if (received < OUR_VERSION.length) return;
    socket.off("data", onData);
    act();
  };
  socket.on("data", onData);
}

/** Writes each chunk in a turn of the event loop of its own, so that they are sent one by one. */
function writeOneByOne(socket: Socket, chunks: Iterable<Uint8Array>): void {
  socket.setNoDelay();
  void (async () => {
    for (const chunk of chunks) {
      if (socket.destroyed) return;
      socket.write(chunk);
      await new Promise(setImmediate);
    }
  })();
}

/** Returns the recorded bytes with those from `offset` on replaced. */
function changed(offset: number, hex: string): Uint8Array {
  const bytes = concat(BTCD_CHUNKS);
  bytes.set(fromHex(hex), offset);
  return bytes;
}

describe.each([
  ["getVersionMessage", getVersionMessage],
  ["visit", visitOrThrow],
])("%s", (name, call) => {
  test.each(
    RECORDINGS.map((recording): [string, Recording] => [
      `${recording.software} ${recording.version}, to ${recording.protocolVersion}`,
      recording,
    ]),
  )(`${name}() reads the version message of %s, and closes its socket`, async (_, recording) => {
    const chunks = recordedChunks(recording);
    const peer = await listen((socket) => afterOurVersion(socket, () => writeOneByOne(socket, chunks)));
    const message = await call(peer.address);
    expect(message).toBeInstanceOf(VersionMessage);
    expect(message.userAgent).toContain(recording.version.replace("-beta", ""));
    await peer.gone();
  });

  test(`${name}() sends OUR_VERSION, and nothing else`, async () => {
    const received: Buffer[] = [];
    const peer = await listen((socket) => {
      socket.on("data", (bytes) => received.push(bytes));
      afterOurVersion(socket, () => socket.write(concat(BTCD_CHUNKS)));
    });
    await call(peer.address);
    await peer.gone();
    expect(Buffer.concat(received).equals(OUR_VERSION)).toBe(true);
  });

  test.each<[string, Uint8Array[]]>([
    ["in one chunk", [concat(BTCD_CHUNKS)]],
    ["in one byte per chunk", Array.from(concat(BTCD_CHUNKS), (byte) => Uint8Array.of(byte))],
    [
      "in two chunks, cut in the middle of the header",
      [concat(BTCD_CHUNKS).subarray(0, 10), concat(BTCD_CHUNKS).subarray(10)],
    ],
    [
      "in two chunks, cut in the middle of the payload",
      [concat(BTCD_CHUNKS).subarray(0, 99), concat(BTCD_CHUNKS).subarray(99)],
    ],
    [
      "in two chunks, cut after the header",
      [concat(BTCD_CHUNKS).subarray(0, 24), concat(BTCD_CHUNKS).subarray(24)],
    ],
  ])(`${name}() reads a version message that arrives %s`, async (_, chunks) => {
    const peer = await listen((socket) => afterOurVersion(socket, () => writeOneByOne(socket, chunks)));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test(`${name}() reads the version message of a peer that does not wait for ours`, async () => {
    const peer = await listen((socket) => writeOneByOne(socket, BTCD_CHUNKS));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test(`${name}() skips the packets before the version message`, async () => {
    const ping = serializePacket("ping", fromHex("0102030405060708"));
    const before = [ping, ...["verack", "sendaddrv2", "madeup"].map((command) => serializePacket(command))];
    const peer = await listen((socket) => socket.write(concat([...before, ...BTCD_CHUNKS])));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test(`${name}() reads the version message of a peer that then closes the connection`, async () => {
    const peer = await listen((socket) => afterOurVersion(socket, () => socket.end(concat(BTCD_CHUNKS))));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test.runIf(hasIPv6)(`${name}() reads the version message of a peer on IPv6`, async () => {
    const peer = await listen((socket) => socket.write(concat(BTCD_CHUNKS)), "::1");
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  const failures: [string, PeerErrorCode | ProtocolErrorCode, (socket: Socket) => void][] = [
    ["closes the connection at once", "CLOSED", (socket) => socket.destroy()],
    ["resets the connection at once", "CLOSED", (socket) => socket.resetAndDestroy()],
    [
      "closes the connection after our version",
      "CLOSED",
      (socket) => afterOurVersion(socket, () => socket.end()),
    ],
    [
      "resets the connection after our version",
      "CLOSED",
      (socket) => afterOurVersion(socket, () => socket.resetAndDestroy()),
    ],
    [
      "closes the connection in the middle of its version message",
      "CLOSED",
      (socket) => socket.end(concat(BTCD_CHUNKS).subarray(0, 80)),
    ],
    [
      "closes the connection without a version message",
      "CLOSED",
      (socket) => socket.end(serializePacket("verack")),
    ],
    ["is on another network", "BAD_MAGIC", (socket) => socket.write(changed(0, "0b110907"))],
    [
      "answers with HTTP",
      "BAD_MAGIC",
      (socket) => socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    ],
    [
      "sends a wrong checksum",
      "BAD_CHECKSUM",
      (socket) => socket.write(changed(CHECKSUM_OFFSET, "00000000")),
    ],
    ["announces 4 GB", "OVERSIZED", (socket) => socket.write(changed(LENGTH_OFFSET, "ffffffff"))],
    [
      "sends a command that is not ASCII",
      "BAD_COMMAND",
      (socket) => socket.write(changed(COMMAND_OFFSET, "ff")),
    ],
    [
      "sends a user agent of 4097 bytes",
      "OVERSIZED",
      (socket) => {
        const payload = concat([new Uint8Array(80), fromHex("fd0110"), new Uint8Array(4097)]);
        socket.write(serializePacket("version", payload));
      },
    ],
    ["sends an empty version message", "MALFORMED", (socket) => socket.write(serializePacket("version"))],
  ];
  test.each(failures)(`${name}() of a peer that %s rejects with %s`, async (_, code, onConnection) => {
    const peer = await listen(onConnection);
    const error = await call(peer.address).catch((error: unknown) => error);
    expect(error).toMatchObject({ code });
    expect(error instanceof PeerError || error instanceof ProtocolError).toBe(true);
    await peer.gone();
  });

  /** Writes the same bytes every 20 ms until the caller closes the connection. */
  const repeat = (socket: Socket, bytes: Uint8Array) => {
    const timer = setInterval(() => socket.write(bytes), 20);
    socket.on("close", () => clearInterval(timer));
  };
  const endless = {
    "is silent": () => {},
    "sends its version message a byte at a time": (socket: Socket) => {
      socket.write(serializePacket("version", new Uint8Array(100_000)).subarray(0, 24));
      repeat(socket, Uint8Array.of(0));
    },
    "sends pings": (socket: Socket) => repeat(socket, serializePacket("ping", new Uint8Array(8))),
  };
  test(`${name}() of a peer that ${Object.keys(endless).join(", or ")}, rejects with ANSWER_TIMEOUT`, async () => {
    const peers = await Promise.all(Object.values(endless).map((onConnection) => listen(onConnection)));
    const outcomes = await Promise.allSettled(peers.map((peer) => call(peer.address)));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        reason: {
          name: "PeerError",
          code: "ANSWER_TIMEOUT",
          message: "a connection, but no answer within the time allowed (1000 ms)",
        },
      });
    }
    await Promise.all(peers.map((peer) => peer.gone()));
  });

  test(`${name}() of an address where no program listens rejects with REFUSED`, async () => {
    const [host, port] = await nobody();
    await expect(call([host, port])).rejects.toMatchObject({
      name: "PeerError",
      code: "REFUSED",
      message: `no program listens at that address (connect ECONNREFUSED 127.0.0.1:${port})`,
      cause: { code: "ECONNREFUSED" },
    });
  });

  test.each(["expyuzz4wqqyqhjn.onion", "localhost", "bitnodes.test", "1.2.3.256"])(
    `${name}() of the name %s rejects with UNREACHABLE, without asking the DNS`,
    async (host) => {
      await expect(call([host, 8333])).rejects.toMatchObject({
        name: "PeerError",
        code: "UNREACHABLE",
        message: expect.stringContaining(`${host} is a name, not an IP address`),
      });
    },
  );

  // Linux drops connections to a full accept queue; other systems may refuse them.
  test.runIf(process.platform === "linux")(
    `${name}() of a peer that accepts no connection rejects with CONNECT_TIMEOUT`,
    async () => {
      const address = await fullQueue();
      await expect(call(address)).rejects.toMatchObject({
        name: "PeerError",
        code: "CONNECT_TIMEOUT",
        message: "no connection within the time allowed (1000 ms)",
      });
    },
  );
});

/** Starts a server in a thread that is blocked, fills its accept queue, and returns its address. */
async function fullQueue(): Promise<AddressTuple> {
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     const server = require("node:net").createServer();
     server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, "message")) as [number];
  const fillers = [1, 2].map(() => net.connect(port, "127.0.0.1"));
  onTestFinished(async () => {
    fillers.forEach((socket) => socket.destroy());
    await worker.terminate();
  });
  await Promise.all(fillers.map((socket) => once(socket, "connect")));
  return ["127.0.0.1", port];
}

describe("the times of a visit", () => {
  test("visit() notes the times of its phases, in order", async () => {
    const peer = await listen((socket) => afterOurVersion(socket, () => writeOneByOne(socket, BTCD_CHUNKS)));
    const record = await visit(peer.address);
    const times = [record.startedAt, record.connectedAt, record.sentAt, record.firstByteAt, record.endedAt];
    expect(times).toEqual([...times].sort((a, b) => a! - b!));
    expect(times.every(Number.isFinite)).toBe(true);
    expect(record.address).toEqual(peer.address);
    expect(record.error).toBeUndefined();
  });

  test("visit() of a peer that sends nothing has no time of a first byte", async () => {
    const peer = await listen((socket) => afterOurVersion(socket, () => socket.end()));
    const record = await visit(peer.address);
    expect(record).toMatchObject({ error: { code: "CLOSED" }, sentAt: expect.any(Number) });
    expect(record.firstByteAt).toBeUndefined();
    expect(record.versionMessage).toBeUndefined();
  });

  test("visit() of a peer that sends another protocol has the time of the first byte", async () => {
    const peer = await listen((socket) => socket.write(changed(0, "00")));
    const record = await visit(peer.address);
    expect(record).toMatchObject({ error: { code: "BAD_MAGIC" }, firstByteAt: expect.any(Number) });
  });

  test("visit() of an address where no program listens has no time of a connection", async () => {
    const record = await visit(await nobody());
    expect(record).toMatchObject({ error: { code: "REFUSED" }, endedAt: expect.any(Number) });
    expect([record.connectedAt, record.sentAt, record.firstByteAt]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("visit() of a silent peer waits a second for its answer", async () => {
    const peer = await listen(() => {});
    const record = await visit(peer.address);
    // Timers count in whole milliseconds and may be one early.
    expect(record.endedAt - record.connectedAt!).toBeGreaterThan(998);
  });
});

test("visit() does not reject, even for a port that does not exist", async () => {
  expect(await visit(["127.0.0.1", 70_000])).toMatchObject({
    error: { name: "PeerError", code: "UNREACHABLE" },
    endedAt: expect.any(Number),
  });
});
