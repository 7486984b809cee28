/** Peers on loopback that are asked for addresses, closed when the test that started them is over. */
import type { Socket } from "node:net";
import type { AddressTuple } from "@course/lib/peer";
import {
  AddrMessage,
  AddrV2Message,
  type KnownAddress,
  type KnownAddressV2,
  MAGIC,
  PacketReader,
  serializePacket,
} from "@course/lib/wire";
import { listen, type Loopback } from "./loopback";
import { recordedReply } from "./peers";

/** What a peer writes when it is asked: these packets, or those that the function returns or writes itself. */
type GossipAnswer = Uint8Array[] | ((socket: Socket) => unknown);

/** A peer, and what it has been asked. */
export interface GossipPeer extends Loopback {
  /** The commands that its callers have sent, in order. */
  readonly received: string[];
}

/**
 * Starts a peer that answers getaddr as `answer` says when it comes, and a version message with `hello`: as
 * btcd does, if not given.
 */
export async function gossipPeer(
  answer: GossipAnswer,
  hello: Uint8Array = recordedReply(),
): Promise<GossipPeer> {
  const received: string[] = [];
  const loopback = await listen((socket) => {
    const reader = new PacketReader();
    socket.on("data", (bytes: Buffer) => {
      if (received.length === 0 && bytes[0] !== MAGIC[0]) return void socket.destroy(); // a caller in v2
      reader.add(bytes);
      for (let packet = reader.next(); packet; packet = reader.next()) {
        received.push(packet.command);
        if (packet.command === "version") socket.write(hello);
        if (packet.command === "getaddr") reply(socket, answer);
      }
    });
  });
  return { ...loopback, received };
}

function reply(socket: Socket, answer: GossipAnswer): void {
  const packets = typeof answer === "function" ? answer(socket) : answer;
  if (Array.isArray(packets)) packets.forEach((packet) => socket.write(packet as Uint8Array));
}

/** Returns addresses as a peer knows them, seen at `time`: now, if not given. */
function known(addresses: readonly AddressTuple[], time = unixNow()): KnownAddress[] {
  return addresses.map(([host, port]) => ({ time, services: 1n, host, port }));
}

/** Returns an `addr` packet with these addresses, seen at `time`: now, if not given. */
export function addr(addresses: readonly AddressTuple[], time?: number): Uint8Array {
  return serializePacket("addr", new AddrMessage(known(addresses, time)).toBytes());
}

/** Returns an `addrv2` packet with these addresses, seen now. A network is named by its number in BIP 155. */
export function addrV2(addresses: readonly (readonly [networkId: number, ...AddressTuple])[]): Uint8Array {
  const known = addresses.map(([networkId, host, port]): KnownAddressV2 => {
    return { time: unixNow(), services: 1n, networkId, host, port };
  });
  return serializePacket("addrv2", new AddrV2Message(known).toBytes());
}

/** Returns `count` addresses of one host, from `firstPort` up. At 127.240.0.1 there is no peer. */
export function made(count: number, host = "127.240.0.1", firstPort = 1): AddressTuple[] {
  return Array.from({ length: count }, (_, i) => [host, firstPort + i]);
}

export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}
