/** SOCKS5 proxies on loopback for tests, closed when the test that started them is over. */
import net, { type Socket } from "node:net";
import type { AddressTuple } from "@course/lib/peer";
import { replyMessage, type Credentials, type SocksRequest, SocksServer } from "@course/lib/socks";
import { listen, type Loopback } from "./loopback";

/** What a proxy does with a request: connects to an address, sends a reply, or whatever the test says. */
export type Answer = AddressTuple | number | ((socket: Socket) => void);

export interface TestProxy extends Loopback {
  url: string;
  /** What it was asked, in order. */
  asked: (SocksRequest & { credentials: Credentials | undefined })[];
}

/** Starts a proxy that answers each request as `route` says. */
export async function startProxy(route: (host: string) => Answer): Promise<TestProxy> {
  const asked: TestProxy["asked"] = [];
  const loopback = await listen((socket) => {
    const dialogue = new SocksServer();
    const onData = (bytes: Buffer): void => {
      dialogue.add(bytes);
      socket.write(dialogue.takeOutput());
      const { request, credentials } = dialogue;
      if (!request) return;
      socket.off("data", onData);
      asked.push({ ...request, credentials });
      answer(socket, route(request.host));
    };
    socket.on("data", onData);
  });
  return { ...loopback, url: `socks5://${loopback.address.join(":")}`, asked };
}

function answer(socket: Socket, what: Answer): void {
  if (typeof what === "number") return void socket.end(replyMessage(what));
  if (typeof what === "function") return what(socket);
  const [host, port] = what;
  const peer = net.connect({ host, port }, () => {
    socket.write(replyMessage(0));
    socket.pipe(peer).pipe(socket);
  });
  peer.on("error", () => socket.destroy());
  socket.on("close", () => peer.destroy());
}

/** Returns onions and names of I2P: made up, and with an end that no directory of the internet knows. */
export const onion = (name: string): AddressTuple => [`${name}.onion`, 8333];
export const i2p = (name: string): AddressTuple => [`${name}.b32.i2p`, 0];
