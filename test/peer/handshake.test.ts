import { once } from "node:events";
import net, { type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AddressTuple, getVersionMessage, PeerError, type PeerErrorCode, visit } from "@course/lib/peer";
import { recordedChunks, type Recording, recordingOf, RECORDINGS } from "@course/lib/recordings";
import {
  concat,
  fromHex,
  OUR_VERSION,
  ProtocolError,
  type ProtocolErrorCode,
  serializePacket,
  VersionMessage,
} from "@course/lib/wire";
import { listen, nobody } from "../helpers/loopback";

const CONVERSATION = recordedChunks(recordingOf("btcd"));
const BTCD = "/btcwire:0.5.0/btcd:0.26.2/";

const hasIPv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === "::1"),
);

/** `visit`, with the outcome of `getVersionMessage`. */
async function visited(address: AddressTuple): Promise<VersionMessage> {
  const { versionMessage, error } = await visit(address);
  if (versionMessage) return versionMessage;
  throw error as Error;
}

/** Does something with a socket once it has sent our whole introduction. */
function whenIntroduced(socket: Socket, act: (versionInfo: Buffer) => void): void {
  let heard = Buffer.alloc(0);
  const onData = (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
    if (heard.length < OUR_VERSION.length) return;
    socket.off("data", onData);
    act(heard);
  };
  socket.on("data", onData);
}

/** Writes chunks so that they leave one by one. */
function writeApart(socket: Socket, chunks: Iterable<Uint8Array>): void {
  socket.setNoDelay();
  void (async () => {
    for (const chunk of chunks) {
      if (socket.destroyed) return;
      socket.write(chunk);
      await new Promise(setImmediate);
    }
  })();
}

/** The recording of a version message, its bytes from `offset` on replaced. */
function spoilt(offset: number, hex: string): Uint8Array {
  const bytes = concat(CONVERSATION);
  bytes.set(fromHex(hex), offset);
  return bytes;
}

describe.each([
  ["getVersionMessage", getVersionMessage],
  ["visit", visited],
])("%s", (_, call) => {
  test.each(
    RECORDINGS.map((recording): [string, Recording] => [
      `${recording.software} ${recording.version}, to ${recording.protocolVersion}`,
      recording,
    ]),
  )("hears what %s said, and closes its socket", async (_, recording) => {
    const chunks = recordedChunks(recording);
    const peer = await listen((socket) => whenIntroduced(socket, () => writeApart(socket, chunks)));
    const message = await call(peer.address);
    expect(message).toBeInstanceOf(VersionMessage);
    expect(message.userAgent).toContain(recording.version.replace("-beta", ""));
    await peer.gone();
  });

  test("sends OUR_VERSION, and nothing else", async () => {
    const heard: Buffer[] = [];
    const peer = await listen((socket) => {
      socket.on("data", (bytes) => heard.push(bytes));
      whenIntroduced(socket, () => socket.write(concat(CONVERSATION)));
    });
    await call(peer.address);
    await peer.gone();
    expect(Buffer.concat(heard).equals(OUR_VERSION)).toBe(true);
  });

  test.each<[string, Uint8Array[]]>([
    ["in one chunk", [concat(CONVERSATION)]],
    ["one byte a chunk", Array.from(concat(CONVERSATION), (byte) => Uint8Array.of(byte))],
    [
      "in the middle of the header",
      [concat(CONVERSATION).subarray(0, 10), concat(CONVERSATION).subarray(10)],
    ],
    [
      "in the middle of the payload",
      [concat(CONVERSATION).subarray(0, 99), concat(CONVERSATION).subarray(99)],
    ],
    ["after the header", [concat(CONVERSATION).subarray(0, 24), concat(CONVERSATION).subarray(24)]],
  ])("reads a conversation that comes %s", async (_, chunks) => {
    const peer = await listen((socket) => whenIntroduced(socket, () => writeApart(socket, chunks)));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test("does not wait for a peer that speaks first to hear us out", async () => {
    const peer = await listen((socket) => writeApart(socket, CONVERSATION));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test("skips whatever comes before version", async () => {
    const before = ["verack", "ping", "sendaddrv2", "madeup"].map((command) =>
      serializePacket(command, fromHex(command === "ping" ? "0102030405060708" : "")),
    );
    const peer = await listen((socket) => socket.write(concat([...before, ...CONVERSATION])));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test("hears a peer that hangs up after its version", async () => {
    const peer = await listen((socket) => whenIntroduced(socket, () => socket.end(concat(CONVERSATION))));
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  test.runIf(hasIPv6)("hears a peer on IPv6", async () => {
    const peer = await listen((socket) => socket.write(concat(CONVERSATION)), "::1");
    expect((await call(peer.address)).userAgent).toBe(BTCD);
    await peer.gone();
  });

  const failures: [string, PeerErrorCode | ProtocolErrorCode, (socket: Socket) => void][] = [
    ["hangs up at once", "CLOSED", (socket) => socket.destroy()],
    ["resets the connection at once", "CLOSED", (socket) => socket.resetAndDestroy()],
    ["hangs up when it has heard us", "CLOSED", (socket) => whenIntroduced(socket, () => socket.end())],
    [
      "resets the connection when it has heard us",
      "CLOSED",
      (socket) => whenIntroduced(socket, () => socket.resetAndDestroy()),
    ],
    [
      "hangs up in the middle of its version",
      "CLOSED",
      (socket) => socket.end(concat(CONVERSATION).subarray(0, 80)),
    ],
    [
      "says all but version and hangs up",
      "CLOSED",
      (socket) => socket.end(serializePacket("verack", fromHex(""))),
    ],
    ["is on another network", "BAD_MAGIC", (socket) => socket.write(spoilt(0, "0b110907"))],
    [
      "speaks HTTP",
      "BAD_MAGIC",
      (socket) => socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    ],
    ["has a bad checksum", "BAD_CHECKSUM", (socket) => socket.write(spoilt(20, "00000000"))],
    ["claims 4 GB", "OVERSIZED", (socket) => socket.write(spoilt(16, "ffffffff"))],
    ["has a command that is none", "BAD_COMMAND", (socket) => socket.write(spoilt(4, "ff"))],
    [
      "has an endless user agent",
      "OVERSIZED",
      (socket) => {
        const payload = concat([new Uint8Array(80), fromHex("fd0110"), new Uint8Array(4097)]);
        socket.write(serializePacket("version", payload));
      },
    ],
    ["has an empty version", "MALFORMED", (socket) => socket.write(serializePacket("version", fromHex("")))],
  ];
  test.each(failures)("finds that a peer %s: %s, and closes its socket", async (_, code, onCall) => {
    const peer = await listen(onCall);
    const error = await call(peer.address).catch((error: unknown) => error);
    expect(error).toMatchObject({ code });
    expect(error instanceof PeerError || error instanceof ProtocolError).toBe(true);
    await peer.gone();
  });

  /** Says a thing over and over until the caller is gone. */
  const repeat = (socket: Socket, bytes: Uint8Array) => {
    const timer = setInterval(() => socket.write(bytes), 20);
    socket.on("close", () => clearInterval(timer));
  };
  const endless = {
    "says nothing": () => {},
    "trickles its version a byte at a time": (socket: Socket) => {
      socket.write(serializePacket("version", new Uint8Array(100_000)).subarray(0, 24));
      repeat(socket, Uint8Array.of(0));
    },
    pings: (socket: Socket) => repeat(socket, serializePacket("ping", new Uint8Array(8))),
  };
  test(`gives up waiting for a peer that ${Object.keys(endless).join(", or ")}, and closes its socket`, async () => {
    const peers = await Promise.all(Object.values(endless).map((onCall) => listen(onCall)));
    const calls = await Promise.allSettled(peers.map((peer) => call(peer.address)));
    for (const outcome of calls) {
      expect(outcome).toMatchObject({
        reason: {
          name: "PeerError",
          code: "ANSWER_TIMEOUT",
          message: "a connection, but no version message within the time allowed (1000 ms)",
        },
      });
    }
    await Promise.all(peers.map((peer) => peer.gone()));
  });

  test("finds that nobody listens", async () => {
    const [host, port] = await nobody();
    await expect(call([host, port])).rejects.toMatchObject({
      name: "PeerError",
      code: "REFUSED",
      message: `nobody listens at that address (connect ECONNREFUSED 127.0.0.1:${port})`,
      cause: { code: "ECONNREFUSED" },
    });
  });

  test.each(["expyuzz4wqqyqhjn.onion", "localhost", "bitnodes.test", "1.2.3.256"])(
    "looks up no name: %s is unreachable",
    async (host) => {
      await expect(call([host, 8333])).rejects.toMatchObject({
        name: "PeerError",
        code: "UNREACHABLE",
        message: expect.stringContaining(`${host} is a name, not an IP address`),
      });
    },
  );

  // A full accept queue drops what comes on Linux; elsewhere it may be refused.
  test.runIf(process.platform === "linux")("gives up connecting when nobody takes the call", async () => {
    const address = await fullQueue();
    await expect(call(address)).rejects.toMatchObject({
      name: "PeerError",
      code: "CONNECT_TIMEOUT",
      message: "no connection within the time allowed (1000 ms)",
    });
  });
});

/** An address that listens and accepts nobody: a thread that stands still, its queue filled. */
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
  test("are those of its phases, in their order", async () => {
    const peer = await listen((socket) => whenIntroduced(socket, () => writeApart(socket, CONVERSATION)));
    const one = await visit(peer.address);
    const times = [one.startedAt, one.connectedAt, one.sentAt, one.firstByteAt, one.endedAt];
    expect(times).toEqual([...times].sort((a, b) => a! - b!));
    expect(times.every(Number.isFinite)).toBe(true);
    expect(one.address).toEqual(peer.address);
    expect(one.error).toBeUndefined();
  });

  test("have no first byte when none came", async () => {
    const peer = await listen((socket) => whenIntroduced(socket, () => socket.end()));
    const one = await visit(peer.address);
    expect(one).toMatchObject({ error: { code: "CLOSED" }, sentAt: expect.any(Number) });
    expect(one.firstByteAt).toBeUndefined();
    expect(one.versionMessage).toBeUndefined();
  });

  test("have a first byte when what came was nonsense", async () => {
    const peer = await listen((socket) => socket.write(spoilt(0, "00")));
    const one = await visit(peer.address);
    expect(one).toMatchObject({ error: { code: "BAD_MAGIC" }, firstByteAt: expect.any(Number) });
  });

  test("have no connection when there was none", async () => {
    const one = await visit(await nobody());
    expect(one).toMatchObject({ error: { code: "REFUSED" }, endedAt: expect.any(Number) });
    expect([one.connectedAt, one.sentAt, one.firstByteAt]).toEqual([undefined, undefined, undefined]);
  });

  test("show that a silent peer was waited for as long as the course says", async () => {
    const peer = await listen(() => {});
    const one = await visit(peer.address);
    // Timers count in whole milliseconds and may be one early.
    expect(one.endedAt - one.connectedAt!).toBeGreaterThan(998);
  });
});

test("a visit does not reject, even for a port that cannot be", async () => {
  expect(await visit(["127.0.0.1", 70_000])).toMatchObject({
    error: { name: "PeerError", code: "UNREACHABLE" },
    endedAt: expect.any(Number),
  });
});
