/** Peers on loopback for tests, closed when the test that started them is over. */
import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import { startPeer } from "@course/lib/checks";
import { recordedChunks, recordingOf } from "@course/lib/recordings";
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
