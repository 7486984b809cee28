/** Peers for the checks of lessons four to seven: some send a version message, others fail in a usual way. */
import type { AddressTuple } from "../../peer/address";
import {
  type OnConnection,
  type PeerConnection,
  type PeerScript,
  refusingAddress,
  startPeer,
} from "../../checks/fakes/scripted-peer";
import { BTCD, type RecordedReply } from "./recorded-replies";

/** What is at an address: a peer that sends this version message, or one of the failures. */
export type SamplePeer = RecordedReply | "hangs up" | "silent" | "refuses" | "Tor";

/** Returns the words for addresses at which there are these peers, in their order. */
export function peersText(peers: readonly SamplePeer[]): string {
  return `${peers.length} addresses (${peers.map(peerText).join(", ")})`;
}

/** Returns the words for one of them. */
export function peerText(peer: SamplePeer): string {
  return typeof peer === "string" ? FAILURE_TEXTS[peer] : peer.from;
}

const FAILURE_TEXTS = {
  "hangs up": "one that hangs up",
  silent: "a silent one",
  refuses: "nobody",
  Tor: "a Tor address",
} as const;

/**
 * Starts a sample peer, which lives until `signal` is aborted.
 * It takes `answerMs` milliseconds to answer.
 */
export async function startSamplePeer(
  peer: SamplePeer,
  signal: AbortSignal,
  answerMs = 0,
  onConnection?: OnConnection,
): Promise<AddressTuple> {
  if (peer === "refuses") return refusingAddress(signal);
  if (peer === "Tor") return ["expyuzz4wqqyqhjn.onion", 8333];
  const scripts: Record<string, PeerScript> = { "hangs up": { hangsUp: true }, silent: {} };
  const script = typeof peer === "string" ? scripts[peer] : { chunks: [peer.version], pauseMs: answerMs };
  return (await startPeer(script, signal, onConnection)).address;
}

/** Starts `count` peers. The first `waiting` of them answer when all have been called, the others at once. */
export async function startGatedPeers(
  count: number,
  waiting: number,
  signal: AbortSignal,
): Promise<AddressTuple[]> {
  const called = new Set<number>();
  let open = (): void => {};
  const waitsFor = new Promise<void>((resolve) => (open = resolve));
  const starts = Array.from({ length: count }, async (_, place) => {
    const script: PeerScript = { chunks: [BTCD.version], ...(place < waiting && { waitsFor }) };
    const onConnection = () => {
      if (called.add(place).size === count) open();
    };
    return (await startPeer(script, signal, onConnection)).address;
  });
  return Promise.all(starts);
}

/** Counts the connections that are open at the same time, at any number of peers. */
export class ConnectionCount {
  most = 0;
  private readonly open = new Set<PeerConnection>();

  /** Counts a new connection. Returns how many are open with it: those that were answered are not. */
  add(connection: PeerConnection): number {
    for (const earlier of this.open) if (earlier.hasAnswered) this.open.delete(earlier);
    const { size } = this.open.add(connection);
    this.most = Math.max(this.most, size);
    return size;
  }
}
