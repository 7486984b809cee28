/**
 * The truth about each address, so that a crawl can be graded on it.
 */
import { addressString } from "../../peer/address";
import { DEFAULT_TIMEOUT_MS } from "../../peer/connect";
import type { VisitOutcome } from "../behaviour/behaviour";
import type { VersionInfo } from "../behaviour/version-info";
import { behaviourOf, type BehaviourName } from "../behaviour/behaviours";
import type { Onion } from "../population/nodes";
import type { ListedPeer } from "./mapped-duplicates";

export interface GroundTruth {
  /** As in the snapshot: `127.33.1.2:8333`, `[::1]:10240`, `….onion:8333`. */
  address: string;
  behaviour: BehaviourName | "onion";
  /** Milliseconds until the peer answers or hangs up, the network's latency factor included. */
  delayMs: number;
  /** What comes of calling it with a second's patience. */
  outcome: VisitOutcome;
  /** What its version message says, if it gives one. */
  versionInfo?: VersionInfo;
}

/** The truth about peers and onions, in the snapshot's order. */
export function groundTruthOf(
  listed: readonly ListedPeer[],
  onions: Onion[],
  latency: number,
): GroundTruth[] {
  return [
    ...listed.map((each) => groundTruthOfPeer(each, latency)),
    ...onions.map(({ host, port }): GroundTruth => ({
      address: addressString([host, port]),
      behaviour: "onion",
      delayMs: 0,
      outcome: "UNREACHABLE",
    })),
  ];
}

function groundTruthOfPeer({ peer, address }: ListedPeer, latency: number): GroundTruth {
  const behaviour = behaviourOf(peer.behaviour);
  const delayMs = behaviour.waits?.(peer.variant) === false ? 0 : peer.delayMs * latency;
  const outcome = delayMs > DEFAULT_TIMEOUT_MS ? "ANSWER_TIMEOUT" : behaviour.outcome;
  const versionInfo = outcome === "version" ? peer.versionInfo : undefined;
  return { address: addressString(address), behaviour: peer.behaviour, delayMs, outcome, versionInfo };
}
