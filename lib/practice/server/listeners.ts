/**
 * The peers' listening sockets and the connections to them.
 */
import net from "node:net";
import type { AddressTuple } from "../../peer/address";
import type { AddressBooks } from "../behaviour/address-books";
import { closeServer } from "./close-server";
import type { AddressRange } from "./loopback-ranges";
import { PeerSession } from "../behaviour/session";
import { behaviourOf } from "../behaviour/behaviours";
import type { SessionPeer } from "../behaviour/version-info";
import type { Peer } from "../population/nodes";
import { PracticeError } from "./practice-error";

/** How many connections the peers have had, and have. */
export interface ConnectionCounts {
  /** Connections accepted since the start. */
  connections: number;
  /** Connections that are open now. */
  open: number;
}

/** How many connections may wait to be accepted. The operating system's limit may be lower. */
const BACKLOG = 4096;

/** All listening sockets of a practice network, and the connections that they accepted. */
export class Listeners {
  private readonly servers: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();
  private connections = 0;
  /** The peers' answers to getaddr; set once all addresses are known. */
  books: AddressBooks | undefined;

  constructor(private readonly latency: number) {}

  /**
   * Starts to listen for all peers.
   *
   * Resolves with the address of each, including those that refuse connections.
   */
  async open(peers: Peer[], range: AddressRange): Promise<AddressTuple[]> {
    const wanted = range.addresses(peers);
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
    await Promise.all(this.servers.map(closeServer));
  }

  /** Listens at the address; if another program has the port, at any free port of the same host. */
  private async listen(peer: Peer, [host, port]: AddressTuple): Promise<AddressTuple> {
    const server = net.createServer({ noDelay: true }, (socket) => this.accept(peer, socket));
    try {
      await listen(server, host, port);
    } catch (error) {
      if (!isTaken(error)) throw listenError(error as NodeJS.ErrnoException);
      await listen(server, host, 0);
    }
    // Without a free file descriptor a connection cannot be accepted: the caller sees it time out.
    server.on("error", () => {});
    const address: AddressTuple = [host, (server.address() as net.AddressInfo).port];
    if (behaviourOf(peer.behaviour).refuses) await closeServer(server);
    else this.servers.push(server);
    return address;
  }

  /** Speaks for a peer to a caller, who has connected to it or has been connected by a proxy. */
  accept(peer: SessionPeer & Pick<Peer, "behaviour">, socket: net.Socket): void {
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

function listenError(error: NodeJS.ErrnoException): Error {
  if (error.code !== "EMFILE" && error.code !== "ENFILE") return error;
  return new PracticeError(
    "TOO_FEW_FILES",
    `this machine ran out of open files (${error.code}): use fewer peers (--peers 1000), or raise the limit (ulimit -n)`,
  );
}
