/** Servers on loopback for tests, closed when the test that started them is over. */
import { once } from "node:events";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { refusingAddress } from "@course/lib/checks";
import type { AddressTuple } from "@course/lib/peer";

/** A server on a port of its own, and where it is. */
export interface Loopback {
  address: AddressTuple;
  server: Server;
  /** The sockets that callers have opened, in order. */
  sockets: Socket[];
  /** Waits for the caller of the `index`th socket to be gone, however it went. */
  gone(index?: number): Promise<void>;
}

/** Listens on 127.0.0.1 (or another host) and does `onCall` with each connection. */
export async function listen(onCall: (socket: Socket) => void, host = "127.0.0.1"): Promise<Loopback> {
  const sockets: Socket[] = [];
  const closed: Promise<void>[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    closed.push(new Promise((resolve) => socket.on("close", () => resolve())));
    socket.on("error", () => {}); // callers hang up as they like: what counts is the close
    socket.resume();
    onCall(socket);
  });
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: [host, port],
    server,
    sockets,
    async gone(index = 0) {
      while (closed.length <= index) await once(server, "connection");
      await closed[index];
    },
  };
}

/** An address of 127.0.0.1 where nobody listens as long as the test runs. */
export function nobody(): Promise<AddressTuple> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  return refusingAddress(over.signal);
}
