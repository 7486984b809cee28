/** Callers of the practice network's proxies, byte by byte, for tests. */
import type net from "node:net";
import { addressString, parseProxy } from "@course/lib/peer";
import { connectRequest, helloMessage, replyMessage } from "@course/lib/socks";
import { concat, toHex } from "@course/lib/wire";
import { connectTo } from "./connections";

/** Connects to a proxy. The socket closes when the test is over. */
export function connectToProxy(url: string): Promise<net.Socket> {
  return connectTo(addressString(parseProxy(url).address));
}

/** Returns what a caller without a name sends to be connected. */
export function askingFor(host: string, port = 8333): Uint8Array {
  return concat([helloMessage(undefined), connectRequest([host, port])]);
}

/** Returns all that a proxy sends to a caller without a name, in hexadecimal. */
export function replied(reply: number): string {
  return `0500${toHex(replyMessage(reply))}`;
}

/** Sends bytes, and resolves to all that comes back until the proxy hangs up, in hexadecimal. */
export async function replyTo(url: string, bytes: Uint8Array): Promise<string> {
  const socket = await connectToProxy(url);
  socket.write(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("hex");
}
