/** Talks to the Rust crate bip324, in both roles: bip324/ sends back each packet, after a decoy. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { crawl } from "@course/lib/crawl";
import { type AddressTuple, visitV2 } from "@course/lib/peer";
import { MAX_GARBAGE_LENGTH, Transport } from "@course/lib/transport";
import { OUR_VERSION_MESSAGE, PingMessage } from "@course/lib/wire";
import { describe, expect, onTestFinished, test } from "vitest";
import { all } from "../helpers/visits";

const ECHO = process.env.INTEROP_BIP324;
/** More messages than packets with one key: both sides change theirs, twice. */
const MANY = 500;

function run(...args: string[]): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn(ECHO!, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  return child;
}

/** Starts it as responder, and resolves with its address. */
async function serve(): Promise<AddressTuple> {
  const [port] = (await once(createInterface(run("serve").stdout), "line")) as [string];
  return ["127.0.0.1", Number(port)];
}

/** Sends many pings, and returns the nonces that come back. */
async function nonces(socket: net.Socket, transport: Transport): Promise<bigint[]> {
  onTestFinished(() => void socket.destroy());
  for (let i = 0; i < MANY; i++) transport.send("ping", new PingMessage(BigInt(i)).toBytes());
  const received: bigint[] = [];
  socket.write(transport.takeOutput());
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    transport.add(chunk);
    for (let message = transport.next(); message; message = transport.next()) {
      expect(message.command).toBe("ping");
      received.push(Buffer.from(message.payload).readBigUInt64LE());
    }
    socket.write(transport.takeOutput());
    if (received.length === MANY) break;
  }
  return received;
}

const sent = Array.from({ length: MANY }, (_, i) => BigInt(i));

describe("the Rust crate bip324", () => {
  test("the crate answers visitV2() and crawl(), which get back what they have sent", async () => {
    const address = await serve();
    const expected = { transport: "v2", versionMessage: { userAgent: OUR_VERSION_MESSAGE.userAgent } };
    expect(await visitV2(address)).toMatchObject(expected);
    expect(await all(crawl([address], { v2: true, timeoutMs: 20_000 }))).toMatchObject([expected]);
  });

  test.each([0, 1, MAX_GARBAGE_LENGTH])(
    "we call the crate with %i bytes of garbage and decoys, and both sides change keys",
    async (garbageLength) => {
      const [host, port] = await serve();
      const garbage = new Uint8Array(garbageLength).fill(0x5a);
      const transport = new Transport("initiator", { garbage, decoys: [new Uint8Array(9)] });
      expect(await nonces(net.connect({ host, port }), transport)).toEqual(sent);
      expect(transport.protocol).toBe("v2");
    },
  );

  test.each([0, MAX_GARBAGE_LENGTH])(
    "the crate calls us, and we answer with %i bytes of garbage and decoys",
    async (garbageLength) => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      onTestFinished(() => void server.close());
      const called = once(server, "connection");
      run("call", `127.0.0.1:${(server.address() as net.AddressInfo).port}`);
      const [socket] = (await called) as [net.Socket];
      const garbage = new Uint8Array(garbageLength).fill(0x5a);
      const transport = new Transport("responder", { garbage, decoys: [new Uint8Array(9)] });
      expect(await nonces(socket, transport)).toEqual(sent);
      expect(transport.protocol).toBe("v2");
    },
  );
});
