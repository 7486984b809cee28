/**
 * Parts of a call to a peer, for wrong answers that put them together in another way than the library does.
 */
import { once } from "node:events";
import net from "node:net";
import type { AddressTuple } from "../../peer/address";
import { DEFAULT_TIMEOUT_MS, noDnsLookup, withTimeout } from "../../peer/connect";
import { readPackets } from "../../wire/packet-reader";
import { VersionMessage } from "../../wire/version-message";

/** Connects to an address within a second. `how` says who looks up names: nobody, if it is not given. */
export async function connected(
  [host, port]: AddressTuple,
  how: Pick<net.TcpSocketConnectOpts, "lookup"> = { lookup: noDnsLookup },
): Promise<net.Socket> {
  const socket = net.connect({ host, port, ...how });
  await withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
  return socket;
}

/** Reads up to the first version message, for as long as it takes. Closes the socket. */
export async function firstVersion(chunks: AsyncIterable<Uint8Array>): Promise<VersionMessage> {
  for await (const packet of readPackets(chunks)) {
    if (packet.command === "version") return VersionMessage.fromBytes(packet.payload);
  }
  throw Object.assign(new Error("the peer hung up"), { code: "CLOSED" });
}

/** Does the same, and leaves the socket open: a loop over a socket would close it. */
export function firstVersionUnclosed(socket: net.Socket): Promise<VersionMessage> {
  return firstVersion(socket.iterator({ destroyOnReturn: false }));
}
