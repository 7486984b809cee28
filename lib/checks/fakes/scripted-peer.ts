/**
 * Peers for the checks: real listening sockets on loopback that send what a script says, cut and timed
 * as it says, and record what they receive.
 */
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AddressTuple } from "../../peer/address";
import { concat } from "../../wire/bytes";
import { OUR_VERSION } from "../../wire/version-message";

export interface PeerScript {
  /** What to send, one write each, once the caller has sent as many bytes as `OUR_VERSION` has. */
  chunks?: readonly Uint8Array[];
  /** Milliseconds before each chunk. 0, the default, sends each in its own turn of the event loop. */
  pauseMs?: number;
  /** What to wait for before the first chunk. */
  waitsFor?: Promise<unknown>;
  /** Whether to start again after the last chunk, without end. */
  forever?: boolean;
  /** Whether to hang up after the last chunk; without chunks, at once. */
  hangsUp?: boolean;
  /** The address to listen at. Default: `127.0.0.1`. */
  host?: string;
}

/** One connection to a peer. */
export interface PeerConnection {
  /** Returns all bytes that the caller has sent so far. */
  received(): Uint8Array;
  /** Resolves to whether the caller has closed its end, or closes it within `ms` milliseconds. */
  closesWithin(ms: number): Promise<boolean>;
  /** Whether the peer has sent everything it had to send. */
  hasAnswered: boolean;
}

export interface ScriptedPeer {
  address: AddressTuple;
  /** In the order in which they came. */
  connections: PeerConnection[];
}

/** Called for each connection to a peer, for a check that looks at the order of events. */
export type OnConnection = (connection: PeerConnection) => void;

/**
 * Starts a peer that follows `script` until `signal` is aborted.
 * Rejects if its host is not one of this machine.
 */
export async function startPeer(
  script: PeerScript,
  signal: AbortSignal,
  onConnection: OnConnection = () => {},
): Promise<ScriptedPeer> {
  const { host = "127.0.0.1" } = script;
  const connections: PeerConnection[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    const connection = accept(socket, script, signal);
    connections.push(connection);
    onConnection(connection);
  });
  server.listen({ host, port: 0 });
  await once(server, "listening");
  closeWhen(signal, () => server.close());
  return { address: [host, (server.address() as net.AddressInfo).port], connections };
}

/**
 * Returns an address that refuses connections until `signal` is aborted.
 *
 * A port that was closed a moment ago may be given to another server. This one is the calling end of a connection:
 * it is taken, and no program listens there.
 */
export async function refusingAddress(signal: AbortSignal): Promise<AddressTuple> {
  const [host, port] = (await startPeer({}, signal)).address;
  const socket = net.connect({ host, port });
  socket.on("error", () => {}); // the peer may be the first to go when the signal is aborted
  closeWhen(signal, () => socket.destroy());
  await once(socket, "connect");
  return [host, socket.localPort!];
}

function accept(socket: net.Socket, script: PeerScript, signal: AbortSignal): PeerConnection {
  const chunks: Uint8Array[] = [];
  const closed = new AbortController();
  const connection: PeerConnection = {
    received: () => concat(chunks),
    closesWithin: (ms) => isAbortedWithin(ms, closed.signal),
    hasAnswered: false,
  };
  closeWhen(signal, () => socket.destroy());
  socket.on("error", () => {}); // a caller that destroys its socket may look like ECONNRESET from here
  socket.on("end", () => closed.abort()).on("close", () => closed.abort());
  if (script.hangsUp && !script.chunks) return hangUp(socket, connection);
  socket.on("data", (chunk) => {
    const isComplete = () => connection.received().length >= OUR_VERSION.length;
    const wasComplete = isComplete();
    chunks.push(chunk);
    if (!wasComplete && isComplete()) void send(socket, script, closed.signal, connection);
  });
  return connection;
}

function hangUp(socket: net.Socket, connection: PeerConnection): PeerConnection {
  socket.end();
  socket.resume();
  connection.hasAnswered = true;
  return connection;
}

async function send(
  socket: net.Socket,
  script: PeerScript,
  closed: AbortSignal,
  connection: PeerConnection,
): Promise<void> {
  const { chunks = [], pauseMs = 0, forever = false } = script;
  await script.waitsFor;
  do {
    for (const chunk of chunks) {
      await pause(pauseMs);
      if (closed.aborted) return;
      socket.write(chunk);
    }
  } while (forever && chunks.length > 0);
  connection.hasAnswered = true;
  if (script.hangsUp) socket.end();
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? new Promise((resolve) => setImmediate(resolve)) : sleep(ms);
}

function closeWhen(signal: AbortSignal, close: () => void): void {
  if (signal.aborted) close();
  else signal.addEventListener("abort", close, { once: true });
}

/** Resolves to whether a signal is aborted within the time. Events that wait in the event loop at its end count. */
async function isAbortedWithin(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return true;
  await sleep(ms, undefined, { signal }).catch(() => {});
  await pause(0);
  return signal.aborted;
}
