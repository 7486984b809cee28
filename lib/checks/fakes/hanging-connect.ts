/** An address whose calls nobody takes: connecting neither succeeds nor fails, as behind many a firewall. */
import net from "node:net";
import type { AddressTuple } from "../../peer/address";

/** Of a block that is kept for documentation (RFC 5737, TEST-NET-3): no node has it, and no packet is sent to it. */
const HOST = "203.0.113.83";

export interface HangingConnect {
  address: AddressTuple;
  /** Those who have called. */
  sockets: net.Socket[];
}

/** Lets sockets that connect to one address wait, until `over` is aborted. All others connect as ever. */
export function startHangingConnect(signal: AbortSignal): HangingConnect {
  const sockets: net.Socket[] = [];
  const prototype = net.Socket.prototype;
  const connect = prototype.connect as (...args: unknown[]) => net.Socket;
  const wait = function (this: net.Socket, ...args: unknown[]): net.Socket {
    if (hostOf(args) !== HOST) return connect.apply(this, args);
    sockets.push(this);
    return this;
  };
  prototype.connect = wait;
  signal.addEventListener("abort", () => {
    prototype.connect = connect;
    for (const socket of sockets) socket.destroy();
  });
  return { address: [HOST, 8333], sockets };
}

/** The host in connect(options), connect(port, host), or what `net.connect` makes of either; undefined means this machine. */
export function hostOf([first, second]: unknown[]): string | undefined {
  const target: unknown = Array.isArray(first) ? first[0] : first;
  const host =
    typeof target === "object" && target !== null ? (target as net.TcpNetConnectOpts).host : second;
  return typeof host === "string" ? host : undefined;
}
