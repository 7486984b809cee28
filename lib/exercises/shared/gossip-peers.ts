/** Peers for the checks of lesson nine: they answer a handshake as btcd does, and getaddr as a script says. */
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AddressTuple } from "../../peer/address";
import { AddrMessage, type KnownAddress } from "../../wire/addr";
import { concat } from "../../wire/bytes";
import { serializePacket } from "../../wire/packet";
import { PacketReader } from "../../wire/packet-reader";
import { BTCD } from "./recorded-replies";

export interface GossipScript {
  /** What to send when asked, one write each. Without it the peer says nothing. */
  answer?: readonly Uint8Array[] | ((address: AddressTuple) => readonly Uint8Array[]);
  /** Milliseconds between two of them. */
  pauseMs?: number;
  /** Called when `getaddr` has come. */
  onAsked?: () => void;
  /** What to wait for before the answer. */
  waitsFor?: Promise<unknown>;
  /** Whether to send the answer again and again. */
  forever?: boolean;
  /** Whether to hang up after the answer. */
  hangsUp?: boolean;
  /** Whether the peer accepts connections and never sends a byte. */
  mute?: boolean;
}

export interface GossipPeer {
  address: AddressTuple;
  /** The commands that its callers have sent, in order; `garbage` for bytes that are no message. */
  readonly received: string[];
  /** How many connections it has had. */
  connections(): number;
  /** Resolves to whether all of them are closed, or become so within `ms` milliseconds. */
  closesWithin(ms: number): Promise<boolean>;
}

/**
 * Starts a peer that follows `script` until `signal` is aborted.
 *
 * @throws the reason of `signal` if it was aborted before: the check is over.
 */
export async function startGossipPeer(
  script: GossipScript,
  signal: AbortSignal,
  onConnection: (socket: net.Socket) => void = () => {},
): Promise<GossipPeer> {
  signal.throwIfAborted();
  const received: string[] = [];
  const sockets: net.Socket[] = [];
  const closed: Promise<unknown>[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    closed.push(new Promise((resolve) => socket.on("close", resolve).on("end", resolve)));
    socket.on("error", () => {}); // a caller that destroys its socket may look like ECONNRESET from here
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
    onConnection(socket);
    converse(socket, script, address, received);
  });
  signal.addEventListener("abort", () => server.close(), { once: true });
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address: AddressTuple = ["127.0.0.1", (server.address() as net.AddressInfo).port];
  const closesWithin = (ms: number) =>
    Promise.race([Promise.all(closed).then(() => true), sleep(ms, false, { ref: false })]);
  return { address, received, connections: () => sockets.length, closesWithin };
}

function converse(socket: net.Socket, script: GossipScript, address: AddressTuple, received: string[]): void {
  const reader = new PacketReader();
  socket.on("data", (bytes: Buffer) => {
    try {
      reader.add(bytes);
      for (let packet = reader.next(); packet; packet = reader.next()) {
        received.push(packet.command);
        if (packet.command === "version" && !script.mute) socket.write(concat([BTCD.version, BTCD.after]));
        if (packet.command === "getaddr") void answer(socket, script, address);
      }
      reader.keep();
    } catch {
      received.push("garbage");
    }
  });
}

async function answer(socket: net.Socket, script: GossipScript, address: AddressTuple): Promise<void> {
  const { answer = [], pauseMs = 0, forever = false } = script;
  script.onAsked?.();
  const packets = typeof answer === "function" ? answer(address) : answer;
  await script.waitsFor;
  do {
    for (const packet of packets) {
      if (pauseMs > 0) await sleep(pauseMs);
      if (socket.destroyed) return;
      socket.write(packet);
    }
  } while (forever);
  if (script.hangsUp) socket.end();
}

/** Returns addresses as a peer knows them, seen at `time`: a minute ago, if not given. */
export function knownAt(addresses: readonly AddressTuple[], time = minutesAgo(1)): KnownAddress[] {
  return addresses.map(([host, port]) => ({ time, services: 1n, host, port }));
}

/** Returns a time so many minutes ago, in Unix seconds. */
export function minutesAgo(minutes: number): number {
  return Math.floor(Date.now() / 1000) - 60 * minutes;
}

/** Returns an `addr` packet that holds these addresses. */
export function addrPacket(known: readonly KnownAddress[]): Uint8Array {
  return serializePacket("addr", new AddrMessage(known).toBytes());
}

/** Returns `count` different addresses. Nobody is there. */
export function inventedAddresses(count: number, firstPort = 1): AddressTuple[] {
  return Array.from({ length: count }, (_, i): AddressTuple => ["127.0.0.1", firstPort + i]);
}
