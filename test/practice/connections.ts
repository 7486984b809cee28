/** Connections to practice peers, byte by byte, for tests. */
import { once } from "node:events";
import net from "node:net";
import { parseAddress } from "@course/lib/peer";
import { type Packet, readPackets } from "@course/lib/wire";
import { onTestFinished } from "vitest";

/** Connects to an address as the snapshot writes it. The socket closes when the test is over. */
export async function connectTo(address: string): Promise<net.Socket> {
  const [host, port] = parseAddress(address);
  const socket = net.connect({ host, port });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Resolves when the connection is closed, with or without an error. */
export function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => socket.on("error", () => {}).on("close", () => resolve()));
}

/** Resolves with the next `count` packets that the peer sends. */
export async function receive(socket: net.Socket, count: number): Promise<Packet[]> {
  const packets: Packet[] = [];
  for await (const packet of readPackets(socket.iterator({ destroyOnReturn: false }))) {
    packets.push(packet);
    if (packets.length === count) break;
  }
  return packets;
}

export function commandsOf(packets: Packet[]): string[] {
  return packets.map(({ command }) => command);
}
