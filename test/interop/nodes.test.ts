/** Calls real node software, which runs on loopback with the main network's parameters. */
import { once } from "node:events";
import net from "node:net";
import { type AddressTuple, getVersionMessage, visit } from "@course/lib/peer";
import {
  EmptyMessage,
  type Message,
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  parseMessage,
  PingMessage,
  PongMessage,
  readPackets,
  serializeMessage,
  VersionMessage,
} from "@course/lib/wire";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { NODE_SOFTWARE, nameOf } from "../../scripts/node-software/releases";
import { type RunningNode, startNode } from "../../scripts/node-software/run";

/** A start may take a minute, and a stop ten seconds. */
const START_LIMIT_MS = 90_000;
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
  }, START_LIMIT_MS);
  afterAll(() => running?.stop(), START_LIMIT_MS);

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
});

async function answered(address: AddressTuple): ReturnType<typeof visit> {
  const visited = await visit(address);
  if (visited.error) throw visited.error;
  return visited;
}
