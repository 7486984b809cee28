/** Addresses that never accept: connecting to them neither succeeds nor fails, as behind many firewalls. */
import net from "node:net";
import type { AddressTuple } from "../../peer/address";

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket;

export interface HangingConnect {
  address: AddressTuple;
  /** Returns how many sockets have tried to connect. */
  attempts(): number;
  /** Returns whether all of them are closed. */
  areClosed(): boolean;
}

/** The sockets that hang, by host. */
const hanging = new Map<string, net.Socket[]>();

/** The `connect` of sockets while no host hangs. */
let originalConnect: Connect;

/**
 * Makes sockets that connect to one address wait until `signal` is aborted. All others connect as usual.
 *
 * The host is one of those reserved for documentation (TEST-NET-3, RFC 5737): no packet is sent to it.
 */
export function startHangingConnect(signal: AbortSignal): HangingConnect {
  const prototype = net.Socket.prototype;
  if (hanging.size === 0) {
    originalConnect = prototype.connect as Connect;
    prototype.connect = connectUnlessHanging;
  }
  const host = unusedHost();
  const sockets: net.Socket[] = [];
  hanging.set(host, sockets);
  signal.addEventListener("abort", () => {
    hanging.delete(host);
    if (hanging.size === 0) prototype.connect = originalConnect;
    for (const socket of sockets) socket.destroy();
  });
  return {
    address: [host, 8333],
    attempts: () => sockets.length,
    areClosed: () => sockets.every(({ destroyed }) => destroyed),
  };
}

function unusedHost(): string {
  let last = 1;
  while (hanging.has(`203.0.113.${last}`)) last++;
  return `203.0.113.${last}`;
}

function connectUnlessHanging(this: net.Socket, ...args: unknown[]): net.Socket {
  const sockets = hanging.get(String(hostOf(args)));
  if (!sockets) return originalConnect.apply(this, args);
  sockets.push(this);
  // As in Node's own connect: what is written before the connection waits for it.
  Object.assign(this, { connecting: true });
  return this;
}

/**
 * Returns the host in `connect(options)`, in `connect(port, host)`, or in what `net.connect` makes of either.
 * Undefined means this machine.
 */
export function hostOf([first, second]: unknown[]): string | undefined {
  const target: unknown = Array.isArray(first) ? first[0] : first;
  const host =
    typeof target === "object" && target !== null ? (target as net.TcpNetConnectOpts).host : second;
  return typeof host === "string" ? host : undefined;
}
