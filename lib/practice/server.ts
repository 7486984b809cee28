/**
 * The practice network: thousands of Bitcoin nodes and their bitnodes API, on loopback, in one process.
 *
 *  1. the API's port is taken, and a block of addresses
 *  2. every peer that does not refuse listens
 *  3. each connection becomes a Conversation
 */
import net from "node:net";
import type { AddressTuple } from "../addresses";
import { type Api, serveApi } from "./api";
import { type Block, claimBlock, LAYOUT, type Layout } from "./blocks";
import { Conversation } from "./conversation";
import { mannerOf } from "./manners";
import { MAX_PEERS, type Peer, populate } from "./population";
import { PracticeError } from "./practice-error";
import { snapshotsOf } from "./snapshots";
import { type Truth, truthOf } from "./truth";

export interface PracticeOptions {
  /** How many peers; those behind Tor come on top. 10,000 if not given. */
  peers?: number;
  /** The same seed, the same network. 1 if not given. */
  seed?: number;
  /** What the delays are multiplied by: 1 is real life, 0 answers at once. 1 if not given. */
  latency?: number;
  /** Port of the API; 0, as when not given, is any that is free. */
  apiPort?: number;
  /** How many fields the API tells of a node. 13 if not given. */
  fields?: 5 | 13;
  /** The API answers 429 from the start. */
  throttled?: boolean;
  /** How addresses are made; as the operating system allows if not given. */
  layout?: Layout;
}

/** What the peers have seen. */
export interface Statistics {
  /** Connections accepted since the start. */
  connections: number;
  /** Connections that are open now. */
  open: number;
}

/** A practice network that is up. */
export interface PracticeNetwork {
  /** Base URL of its API, for `BITNODES_URL`. */
  readonly api: string;
  readonly peers: number;
  readonly seed: number;
  /** A sentence about what is not as usual, if anything is. */
  readonly note?: string;
  /** What is true of every address in the snapshot, in its order: who is there, and what comes of calling. */
  truth(): Promise<Truth[]>;
  /** What the peers have seen so far, to hold against what a crawl says. */
  statistics(): Promise<Statistics>;
  /** Makes the API answer 429, or makes it answer again. */
  throttle(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Connections that wait to be accepted. The system's own limit may be lower. */
const BACKLOG = 4096;
/** Files that are open besides the peers' listeners, connections of a small crawl among them. */
const OTHER_FILES = 256;

/** Serves a practice network in this process. Rejects with a PracticeError that says what to do. */
export async function servePracticeNetwork(options: PracticeOptions = {}): Promise<PracticeNetwork> {
  const settings = withDefaults(options);
  requirePeers(settings.peers);
  requireFiles(settings.peers);
  const { peers, onions } = populate(settings.seed, settings.peers);
  const api = await serveApi(settings);
  const block = await claimBlock(settings.layout).catch(async (error: unknown) => {
    await api.close();
    throw error;
  });
  const listeners = new Listeners(settings.latency);
  try {
    const addresses = await listeners.open(peers, block);
    const truth = truthOf(peers, addresses, onions, settings.latency);
    api.publish(snapshotsOf(peers, addresses, onions), truth, () => listeners.statistics());
    return networkOf(settings, api, block, listeners, truth);
  } catch (error) {
    await Promise.all([api.close(), block.release(), listeners.close()]);
    throw error;
  }
}

function withDefaults(options: PracticeOptions): Required<PracticeOptions> {
  const { peers = 10_000, seed = 1, latency = 1, apiPort = 0 } = options;
  const { fields = 13, throttled = false, layout = LAYOUT } = options;
  return { peers, seed, latency, apiPort, fields, throttled, layout };
}

function networkOf(
  { peers, seed }: { peers: number; seed: number },
  api: Api,
  block: Block,
  listeners: Listeners,
  truth: Truth[],
): PracticeNetwork {
  return {
    api: api.url,
    peers,
    seed,
    note: block.note,
    truth: async () => truth,
    statistics: async () => listeners.statistics(),
    throttle: async (on) => api.throttle(on),
    close: async () => {
      await Promise.all([api.close(), block.release(), listeners.close()]);
    },
  };
}

/** The peers' listening sockets and the connections to them. */
class Listeners {
  private readonly servers: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();
  private connections = 0;

  constructor(private readonly latency: number) {}

  /** Listens for all peers; resolves with where each is, the refusing ones included. */
  async open(peers: Peer[], block: Block): Promise<AddressTuple[]> {
    const wanted = block.addresses(peers);
    return Promise.all(peers.map((peer, i) => this.listen(peer, wanted[i])));
  }

  statistics(): Statistics {
    return { connections: this.connections, open: this.sockets.size };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map(close));
  }

  /** An address that somebody else has is replaced by another port on the same host. */
  private listen(peer: Peer, [host, port]: AddressTuple): Promise<AddressTuple> {
    return new Promise((resolve, reject) => {
      const server = net.createServer({ noDelay: true }, (socket) => this.accept(peer, socket));
      server.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return reject(listenError(error));
        server.listen({ host, port: 0, backlog: BACKLOG });
      });
      server.on("listening", () => {
        const address: AddressTuple = [host, (server.address() as net.AddressInfo).port];
        if (mannerOf(peer.manner).refuses) return void server.close(() => resolve(address));
        this.servers.push(server);
        resolve(address);
      });
      server.listen({ host, port, backlog: BACKLOG });
    });
  }

  private accept(peer: Peer, socket: net.Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    new Conversation(peer, socket, this.latency);
  }
}

function close(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function requirePeers(peers: number): void {
  if (Number.isInteger(peers) && peers >= 1 && peers <= MAX_PEERS) return;
  throw new PracticeError("BAD_OPTION", `expected 1 to ${count(MAX_PEERS)} peers, got ${peers}`);
}

/** Every listener is an open file, and a process may only have so many. */
function requireFiles(peers: number): void {
  const needed = peers + OTHER_FILES;
  const limit = openFilesLimit();
  if (limit >= needed) return;
  throw new PracticeError(
    "TOO_FEW_FILES",
    `${count(peers)} peers need ${count(needed)} open files, and this machine allows a process ${count(limit)}: use fewer peers (--peers ${Math.max(1, limit - 2 * OTHER_FILES)}), or raise the limit (ulimit -n ${needed})`,
  );
}

/** How many files this process may have open. */
function openFilesLimit(): number {
  const report = process.report.getReport() as unknown as { userLimits?: { open_files?: { soft: unknown } } };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Infinity;
}

function listenError(error: NodeJS.ErrnoException): Error {
  if (error.code !== "EMFILE" && error.code !== "ENFILE") return error;
  return new PracticeError(
    "TOO_FEW_FILES",
    `this machine ran out of open files (${error.code}): use fewer peers (--peers 1000), or raise the limit (ulimit -n)`,
  );
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}
