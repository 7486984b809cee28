/** Calls real node software, which runs on loopback with the main network's parameters. */
import { once } from "node:events";
import net from "node:net";
import { crawl } from "@course/lib/crawl";
import { discover } from "@course/lib/discovery";
import {
  addressString,
  type AddressTuple,
  getAddresses,
  getVersionMessage,
  type Visit,
  visit,
  visitV2,
} from "@course/lib/peer";
import { Transport } from "@course/lib/transport";
import {
  AddrMessage,
  EmptyMessage,
  type Message,
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  PacketReader,
  parseMessage,
  PingMessage,
  PongMessage,
  readPackets,
  serializeMessage,
  serializePacket,
  VersionMessage,
} from "@course/lib/wire";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { NODE_SOFTWARE, nameOf } from "../../scripts/node-software/releases";
import { type RunningNode, startNode } from "../../scripts/node-software/run";
import { all } from "../helpers/visits";
import { PROGRAM } from "../helpers/limits";

/** A start may take a minute, and a stop ten seconds. */
const NONCE = 0xfedcba9876543210n;
const chosen = NODE_SOFTWARE.filter((node) => process.env.INTEROP_NODES?.split(" ").includes(nameOf(node)));

/** Sends `opening`, verack and a ping. Returns all messages up to the pong. */
async function messagesUntilPong([host, port]: AddressTuple, opening: Uint8Array): Promise<Message[]> {
  const socket = net.connect({ host, port });
  onTestFinished(() => void socket.destroy());
  const send = (message: Message) => socket.write(serializeMessage(message).toBytes());
  const received: Message[] = [];
  await once(socket, "connect");
  socket.write(opening);
  for await (const packet of readPackets(socket)) {
    const message = parseMessage(packet);
    received.push(message);
    if (message.command === "version") send(new EmptyMessage("verack"));
    if (message.command === "verack") send(new PingMessage(NONCE));
    if (message.command === "pong") break;
  }
  return received;
}

describe.each(chosen.map((node) => [nameOf(node), node] as const))("%s", (_, node) => {
  let running: RunningNode;
  let address: AddressTuple;

  beforeAll(async () => {
    running = await startNode(node);
    address = ["127.0.0.1", running.port];
  }, PROGRAM);
  afterAll(() => running?.stop(), PROGRAM);

  test("getVersionMessage() reads the version message of the real node", async () => {
    const message = await vi.waitFor(() => getVersionMessage(address), 15_000);
    expect(message.userAgent).toMatch(new RegExp(`/${node.software}:v?${node.version}/`));
    expect(message.version).toBeGreaterThanOrEqual(70015);
    expect(message).toMatchObject({ startHeight: 0, relay: true, receiver: { host: "127.0.0.1" } });
    expect(Math.abs(Number(message.timestamp) - Date.now() / 1000)).toBeLessThan(60);
  });

  test("five visits to the real node each get a version message with a new nonce", async () => {
    const visits = [];
    for (let i = 0; i < 5; i++) visits.push(await vi.waitFor(() => answered(address), 15_000));
    expect(new Set(visits.map(({ versionMessage }) => versionMessage!.userAgent)).size).toBe(1);
    expect(new Set(visits.map(({ versionMessage }) => versionMessage!.nonce)).size).toBe(5);
  });

  test("the real node completes the handshake with our version message, and answers our ping", async () => {
    const received = await messagesUntilPong(address, OUR_VERSION);
    const commands = received.map(({ command }) => command);
    expect(commands[0]).toBe("version");
    expect(commands).toContain("verack");
    expect(received.at(-1)).toEqual(new PongMessage(NONCE));
  });

  test("the real node completes the handshake with a caller of protocol 70016, whatever it sends before its verack", async () => {
    const fields = { ...OUR_VERSION_MESSAGE, version: 70016, nonce: 1n };
    const received = await messagesUntilPong(address, serializeMessage(new VersionMessage(fields)).toBytes());
    expect(received.at(-1)).toEqual(new PongMessage(NONCE));
  });

  // bcoin, as it runs here, does not answer getaddr.
  const testOfGossip = node.software === "btcd" ? test : test.skip;
  testOfGossip(
    "the real node names to a discovery some of the addresses that it has been told, and nobody is called",
    async () => {
      const told = Array.from({ length: 500 }, (_, i): AddressTuple => [
        `${20 + (i % 100)}.${i >> 2}.7.9`,
        8333,
      ]);
      const teller = await telling(address, told);
      const [found] = await vi.waitFor(async () => {
        const visits: (Visit & { heardOf: number })[] = [];
        for await (const one of discover([address], 10, { timeoutMs: 5000 })) visits.push(one);
        expect(visits[0]).toMatchObject({ gossip: "ANSWERED" });
        return visits;
      }, 30_000);
      expect(found.told).toBeGreaterThan(10);
      expect(found.heardOf).toBe(1); // what is not on loopback may not be called from there
      const known = await getAddresses(address, 5000);
      const texts = new Set(told.map(addressString));
      expect(known.filter(({ host, port }) => texts.has(addressString([host, port]))).length).toBeGreaterThan(
        10,
      );
      teller.destroy();
    },
  );

  // The last one: bcoin bans a host for a day that sends it what is no message.
  test("visitV2() reads the version message of a real node that only speaks v1", async () => {
    const visited = await vi.waitFor(() => visitV2(address), 15_000);
    expect(visited).toMatchObject({ transport: "v1", versionMessage: { startHeight: 0 } });
  });
});

describe.each(chosen.filter(({ v2 }) => v2).map((node) => [nameOf(node), node] as const))(
  "%s, which speaks v2",
  (_, node) => {
    const start = async (...flags: string[]): Promise<AddressTuple> => {
      const running = await startNode(node, undefined, [...node.v2!, ...flags]);
      onTestFinished(() => running.stop(), PROGRAM);
      return ["127.0.0.1", running.port];
    };
    const userAgent = expect.stringMatching(new RegExp(`/${node.software}:v?${node.version}/`)) as string;

    test("a real node that speaks v2 is visited encrypted, by visitV2() and by crawl()", async () => {
      const address = await start();
      const expected = { transport: "v2", versionMessage: { userAgent } };
      expect(await visitV2(address)).toMatchObject(expected);
      expect(await all(crawl([address], { v2: true, timeoutMs: 20_000 }))).toMatchObject([expected]);
    });

    test("a real node that speaks v2 completes the handshake encrypted when we call it, with decoys among our packets, and answers our ping", async () => {
      const [host, port] = await start();
      const transport = new Transport("initiator", { decoys: [new Uint8Array(100)] });
      transport.send("version", OUR_VERSION_MESSAGE.toBytes());
      const received = await talk(net.connect({ host, port }), transport, "pong", (command) => {
        if (command === "version") transport.send("verack");
        if (command !== "verack") return;
        transport.sendDecoy(new Uint8Array(500));
        for (let i = 0; i < MANY; i++) transport.send("ping", new PingMessage(BigInt(i)).toBytes());
        transport.send("ping", new PingMessage(NONCE).toBytes());
      });
      expect(transport.protocol).toBe("v2");
      expect(received[0]).toBe("version");
      expect(received.filter((command) => command === "pong").length).toBe(MANY + 1);
    });

    test("a real node that speaks v2 calls us encrypted, and completes the handshake that we answer", async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      onTestFinished(() => void server.close());
      const called = once(server, "connection");
      await start(`--connect=127.0.0.1:${(server.address() as net.AddressInfo).port}`);
      const [socket] = (await called) as [net.Socket];
      const transport = new Transport("responder", { decoys: [new Uint8Array(7)] });
      let agent = "";
      await talk(socket, transport, "pong", (command, payload) => {
        if (command === "version") {
          agent = VersionMessage.fromBytes(payload).userAgent;
          transport.send("version", OUR_VERSION_MESSAGE.toBytes());
          transport.send("verack");
        }
        if (command === "verack") transport.send("ping", new PingMessage(NONCE).toBytes());
      });
      expect([transport.protocol, agent]).toEqual(["v2", userAgent]);
    });
  },
);

/** More pings than packets with one key: both sides change theirs. */
const MANY = 300;

/** Talks until a message with the command `last` that answers the last of ours. Returns all commands. */
async function talk(
  socket: net.Socket,
  transport: Transport,
  last: string,
  onMessage: (command: string, payload: Uint8Array) => void,
): Promise<string[]> {
  onTestFinished(() => void socket.destroy());
  const received: string[] = [];
  socket.write(transport.takeOutput());
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    transport.add(chunk);
    for (let message = transport.next(); message; message = transport.next()) {
      received.push(message.command);
      onMessage(message.command, message.payload);
      if (message.command === last && Buffer.from(message.payload).readBigUInt64LE() === NONCE)
        return received;
    }
    socket.write(transport.takeOutput());
  }
  return received;
}

/** Resolves to a connection over which the node has been told addresses, after the handshake. */
async function telling([host, port]: AddressTuple, addresses: AddressTuple[]): Promise<net.Socket> {
  const socket = net.connect({ host, port });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(OUR_VERSION);
  socket.on("error", () => {});
  const time = Math.floor(Date.now() / 1000) - 3600;
  const known = addresses.map(([host, port]) => ({ time, services: 9n, host, port }));
  const reader = new PacketReader();
  await new Promise<void>((resolve) => {
    socket.on("data", (bytes: Buffer) => {
      reader.add(bytes);
      for (let packet = reader.next(); packet; packet = reader.next()) {
        if (packet.command === "version") socket.write(serializePacket("verack"));
        if (packet.command === "verack") resolve();
      }
    });
  });
  socket.write(serializePacket("addr", new AddrMessage(known).toBytes()));
  return socket;
}

async function answered(address: AddressTuple): ReturnType<typeof visit> {
  const visited = await visit(address);
  if (visited.error) throw visited.error;
  return visited;
}
