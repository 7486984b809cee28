/** Peers on loopback for tests, closed when the test that started them is over. */
import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import { startPeer } from "@course/lib/checks";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
import { Transport, type TransportOptions } from "@course/lib/transport";
import { MAGIC, PacketReader } from "@course/lib/wire";
import { listen, type Loopback } from "./loopback";

type PeerScript = Parameters<typeof startPeer>[0];
type OnConnection = Parameters<typeof startPeer>[2];
type ScriptedPeer = Awaited<ReturnType<typeof startPeer>>;

/** The user agent in what btcd was recorded to send. */
export const BTCD_USER_AGENT = "/btcwire:0.5.0/btcd:0.26.2/";

/** Returns what a node software was recorded to send, from its version message on. */
export function recordedReply(software = "btcd"): Buffer {
  return Buffer.concat(recordedChunks(recordingOf(software)));
}

/** Starts a peer that answers each caller like btcd, in one write, unless `script` says something else. */
export function answeringPeer(script: PeerScript = {}, onConnection?: OnConnection): Promise<ScriptedPeer> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // one for each caller
  onTestFinished(() => controller.abort());
  return startPeer({ chunks: [recordedReply()], ...script }, controller.signal, onConnection);
}

/** How a peer that speaks v2 answers, besides by rule. */
export interface EncryptedScript {
  /** What it sends once it knows the keys. Default: its version message, with btcd's user agent. */
  answer?: (transport: Transport, socket: Socket) => void;
  options?: TransportOptions;
}

/** Returns the payload of the version message that btcd was recorded to send. */
function recordedVersion(): Uint8Array {
  const reader = new PacketReader();
  reader.add(recordedReply());
  return reader.next()!.payload;
}

/** Starts a peer that speaks v2 (BIP 324), and v1 to whoever speaks it first. */
export function encryptedPeer({ answer, options }: EncryptedScript = {}): Promise<Loopback> {
  return listen((socket) => {
    const transport = new Transport("responder", options);
    let hasAnswered = false;
    socket.on("data", (chunk: Buffer) => {
      transport.add(chunk);
      for (let packet = transport.next(); packet; packet = transport.next()) {
        if (packet.command !== "version" || hasAnswered) continue;
        hasAnswered = true;
        if (answer) answer(transport, socket);
        else transport.send("version", recordedVersion());
      }
      socket.write(transport.takeOutput());
    });
  });
}

/** Starts a peer that only speaks v1: it hangs up on anything else, as nodes do. */
export function plainPeer(): Promise<Loopback> {
  return listen((socket) => {
    socket.once("data", (chunk: Buffer) => {
      if (chunk.subarray(0, MAGIC.length).equals(MAGIC)) socket.write(recordedReply());
      else socket.destroy();
    });
  });
}

/** A peer that answers when the test says so. */
export interface HoldingPeer extends Loopback {
  /** How many callers are connected and have no answer. */
  readonly callers: number;
  /** The most callers there have been at once. */
  readonly mostCallers: number;
  /** Resolves when there are at least `count` callers. */
  callersReach(count: number): Promise<void>;
  /** Answers all callers, and closes their connections. */
  answerAll(): void;
  /** Resolves when all callers so far are gone. */
  allGone(): Promise<void>;
}

/** Starts a peer that takes all calls and answers none until `answerAll` is called. */
export async function holdingPeer(): Promise<HoldingPeer> {
  const callers = new Set<Socket>();
  let mostCallers = 0;
  let onCall = (): void => {};
  const loopback = await listen((socket) => {
    callers.add(socket);
    mostCallers = Math.max(mostCallers, callers.size);
    socket.once("close", () => callers.delete(socket));
    onCall();
  });
  return {
    ...loopback,
    get callers() {
      return callers.size;
    },
    get mostCallers() {
      return mostCallers;
    },
    async callersReach(count) {
      while (callers.size < count) await new Promise<void>((resolve) => (onCall = resolve));
    },
    answerAll() {
      callers.forEach((socket) => socket.end(recordedReply()));
      callers.clear();
    },
    async allGone() {
      await Promise.all(loopback.sockets.map((_, i) => loopback.gone(i)));
    },
  };
}
