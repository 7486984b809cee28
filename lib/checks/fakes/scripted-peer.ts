/**
 * Peers for the checks: real listening sockets on loopback that say what real node software was
 * recorded to say, cut and timed as told, and write down what they hear.
 */
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AddressTuple } from "../../peer/address";
import { concat } from "../../wire/bytes";
import { OUR_VERSION } from "../../wire/version-message";

export interface PeerScript {
  /** What to say, one write each, once somebody has sent as many bytes as `OUR_VERSION` has. */
  chunks?: readonly Uint8Array[];
  /** Milliseconds before each chunk. 0, the default, sends each in a turn of its own of the event loop. */
  pauseMs?: number;
  /** What to wait for before the first of them. */
  waitsFor?: Promise<unknown>;
  /** Whether to begin again after the last chunk, without end. */
  forever?: boolean;
  /** Hang up after the last chunk; without chunks, at once. */
  hangsUp?: boolean;
  /** `127.0.0.1` unless told. */
  host?: string;
}

/** One connection that a peer was called on. */
export interface PeerConnection {
  /** All that the caller has sent so far. */
  received(): Uint8Array;
  /** Whether the caller has closed its end, or does so within the time given, in milliseconds. */
  closesWithin(ms: number): Promise<boolean>;
  /** Whether the peer has said all it had to say. */
  hasAnswered: boolean;
}

export interface ScriptedPeer {
  address: AddressTuple;
  /** In the order in which they came. */
  connections: PeerConnection[];
}

/** What happens at a peer, for a check that minds the order of things. */
export type OnConnection = (call: PeerConnection) => void;

/** A peer that does as planned until `over` is aborted. Rejects if its host is not one of this computer. */
export async function startPeer(
  plan: PeerScript,
  signal: AbortSignal,
  onCall: OnConnection = () => {},
): Promise<ScriptedPeer> {
  const { host = "127.0.0.1" } = plan;
  const calls: PeerConnection[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    const call = accept(socket, plan, signal);
    calls.push(call);
    onCall(call);
  });
  server.listen({ host, port: 0 });
  await once(server, "listening");
  closeWhen(signal, () => server.close());
  return { address: [host, (server.address() as net.AddressInfo).port], connections: calls };
}

/** An address at which nobody listens: a port that was free a moment ago. */
export async function startNobody(): Promise<AddressTuple> {
  const closed = new AbortController();
  const { address } = await startPeer({}, closed.signal);
  closed.abort();
  return address;
}

function accept(socket: net.Socket, plan: PeerScript, signal: AbortSignal): PeerConnection {
  const heard: Uint8Array[] = [];
  const gone = new AbortController();
  const call: PeerConnection = {
    received: () => concat(heard),
    closesWithin: (ms) => happensWithin(ms, gone.signal),
    hasAnswered: false,
  };
  closeWhen(signal, () => socket.destroy());
  socket.on("error", () => {}); // a caller that destroys its socket may look like ECONNRESET from here
  socket.on("end", () => gone.abort()).on("close", () => gone.abort());
  if (plan.hangsUp && !plan.chunks) return hangUp(socket, call);
  socket.on("data", (chunk) => {
    const isComplete = () => call.received().length >= OUR_VERSION.length;
    const was = isComplete();
    heard.push(chunk);
    if (!was && isComplete()) void speak(socket, plan, gone.signal, call);
  });
  return call;
}

function hangUp(socket: net.Socket, call: PeerConnection): PeerConnection {
  socket.end();
  socket.resume();
  call.hasAnswered = true;
  return call;
}

async function speak(
  socket: net.Socket,
  plan: PeerScript,
  gone: AbortSignal,
  call: PeerConnection,
): Promise<void> {
  const { chunks = [], pauseMs = 0, forever = false } = plan;
  await plan.waitsFor;
  do {
    for (const chunk of chunks) {
      await pause(pauseMs);
      if (gone.aborted) return;
      socket.write(chunk);
    }
  } while (forever && chunks.length > 0);
  call.hasAnswered = true;
  if (plan.hangsUp) socket.end();
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? new Promise((resolve) => setImmediate(resolve)) : sleep(ms);
}

function closeWhen(signal: AbortSignal, close: () => void): void {
  if (signal.aborted) close();
  else signal.addEventListener("abort", close, { once: true });
}

/** Whether a signal is aborted within the time, what already waits in the event loop counted in. */
async function happensWithin(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return true;
  await sleep(ms, undefined, { signal }).catch(() => {});
  await pause(0);
  return signal.aborted;
}
