/**
 * The peers' listening sockets and the connections to them.
 */
import net from "node:net";
import type { AddressTuple } from "../../peer/address";
import type { AddressBooks } from "../behaviour/address-books";
import type { AddressRange } from "./loopback-ranges";
import { PeerSession } from "../behaviour/session";
import { behaviourOf } from "../behaviour/behaviours";
import type { Peer } from "../population/nodes";
import { PracticeError } from "./practice-error";

/** What the peers have seen. */
export interface ConnectionCounts {
  /** Connections accepted since the start. */
  connections: number;
  /** Connections that are open now. */
  open: number;
}

/** Connections that wait to be accepted. The system's own limit may be lower. */
const BACKLOG = 4096;

/** A practice network's side of all connections. */
export class Listeners {
  private readonly servers: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();
  private connections = 0;
  /** What the peers answer to getaddr, once all addresses are known. */
  books: AddressBooks | undefined;

  constructor(private readonly latency: number) {}

  /** Listens for all peers; resolves with where each is, the refusing ones included. */
  async open(peers: Peer[], block: AddressRange): Promise<AddressTuple[]> {
    const wanted = block.addresses(peers);
    const attempts = await Promise.allSettled(peers.map((peer, i) => this.listen(peer, wanted[i])));
    return attempts.map((attempt) => {
      if (attempt.status === "rejected") throw attempt.reason;
      return attempt.value;
    });
  }

  statistics(): ConnectionCounts {
    return { connections: this.connections, open: this.sockets.size };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map(close));
  }

  /** Where another program has the port, the peer gets any free one of the same host. */
  private async listen(peer: Peer, [host, port]: AddressTuple): Promise<AddressTuple> {
    const server = net.createServer({ noDelay: true }, (socket) => this.accept(peer, socket));
    try {
      await listen(server, host, port);
    } catch (error) {
      if (!isTaken(error)) throw listenError(error as NodeJS.ErrnoException);
      await listen(server, host, 0);
    }
    // A connection that cannot be accepted, for want of open files, is the caller's trouble.
    server.on("error", () => {});
    const address: AddressTuple = [host, (server.address() as net.AddressInfo).port];
    if (behaviourOf(peer.behaviour).refuses) await close(server);
    else this.servers.push(server);
    return address;
  }

  private accept(peer: Peer, socket: net.Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    new PeerSession(peer, behaviourOf(peer.behaviour), socket, this.latency, this.books);
  }
}

function listen(server: net.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function isTaken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EADDRINUSE" || code === "EACCES";
}

function close(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function listenError(error: NodeJS.ErrnoException): Error {
  if (error.code !== "EMFILE" && error.code !== "ENFILE") return error;
  return new PracticeError(
    "TOO_FEW_FILES",
    `this machine ran out of open files (${error.code}): use fewer peers (--peers 1000), or raise the limit (ulimit -n)`,
  );
}
