/**
 * The ground truth about each address, against which a crawl can be graded.
 */
import { addressString } from "../../peer/address";
import { DEFAULT_TIMEOUT_MS } from "../../peer/connect";
import type { VisitOutcome } from "../behaviour/behaviour";
import { hasV2Bit, type VersionInfo } from "../behaviour/version-info";
import { behaviourOf, type BehaviourName } from "../behaviour/behaviours";
import { errorOfReply } from "../../socks/replies";
import type { OverlayPeer, Peer } from "../population/nodes";
import type { ListedPeer } from "./mapped-duplicates";

/** What is true of one address in the snapshot. */
export interface GroundTruth {
  /** As in the snapshot: `127.33.1.2:8333`, `[::1]:10240`, `….onion:8333`. */
  address: string;
  /** Nodes that are called through a proxy have their network's name here. */
  behaviour: BehaviourName | "onion" | "i2p";
  /** Milliseconds until the peer answers or hangs up, including the network's latency factor. */
  delayMs: number;
  /** The outcome of a visit with the default timeouts of one second. */
  outcome: VisitOutcome;
  /** The fields of its version message, if `outcome` is `version`. */
  versionInfo?: VersionInfo;
  /** What a caller gets that tries v2 first: by which transport, if it was connected, and the outcome. */
  v2: { transport?: "v1" | "v2"; outcome: VisitOutcome };
  /** What a caller gets that calls a node of Tor or I2P through the network's proxy, with enough time. */
  proxied?: ProxiedTruth;
}

/** What is true of a node of Tor or I2P. */
export interface ProxiedTruth {
  behaviour: BehaviourName;
  /** Milliseconds until the proxy has connected, or has given up. */
  connectMs: number;
  /** Milliseconds from then until the node answers or hangs up. */
  delayMs: number;
  outcome: VisitOutcome;
  versionInfo?: VersionInfo;
}

/** Returns the ground truth about peers and nodes of Tor and I2P, in the snapshot's order. */
export function groundTruthOf(
  listed: readonly ListedPeer[],
  overlay: readonly OverlayPeer[],
  latency: number,
): GroundTruth[] {
  return [
    ...listed.map((each) => groundTruthOfPeer(each, latency)),
    ...overlay.map((peer): GroundTruth => ({
      address: addressString([peer.host, peer.port]),
      behaviour: peer.network === "tor" ? "onion" : "i2p",
      delayMs: 0,
      outcome: "UNREACHABLE",
      v2: { outcome: "UNREACHABLE" },
      proxied: proxiedTruthOf(peer, latency),
    })),
  ];
}

function proxiedTruthOf(peer: OverlayPeer, latency: number): ProxiedTruth {
  const { behaviour, connectMs, delayMs, reply } = peer;
  const outcome = reply === 0 ? behaviourOf(behaviour).outcome : errorOfReply(reply).code;
  const versionInfo = outcome === "version" ? peer.versionInfo : undefined;
  return { behaviour, connectMs: connectMs * latency, delayMs: delayMs * latency, outcome, versionInfo };
}

function groundTruthOfPeer({ peer, address }: ListedPeer, latency: number): GroundTruth {
  const behaviour = behaviourOf(peer.behaviour);
  const delayMs = behaviour.waits?.(peer.variant) === false ? 0 : peer.delayMs * latency;
  const outcome = delayMs > DEFAULT_TIMEOUT_MS ? "ANSWER_TIMEOUT" : behaviour.outcome;
  const versionInfo = outcome === "version" ? peer.versionInfo : undefined;
  const v2 = v2TruthOf(peer, delayMs);
  return { address: addressString(address), behaviour: peer.behaviour, delayMs, outcome, versionInfo, v2 };
}

/**
 * Returns what comes of a visit that begins in v2. A peer that is too late for it is called in v1, for which it is too
 * late as well.
 */
function v2TruthOf({ behaviour: name, versionInfo }: Peer, delayMs: number): GroundTruth["v2"] {
  const { refuses, v2, isDeaf, outcome } = behaviourOf(name);
  if (refuses) return { outcome };
  if (delayMs > DEFAULT_TIMEOUT_MS) return { transport: "v1", outcome: "ANSWER_TIMEOUT" };
  const isV2 = v2 && (isDeaf || hasV2Bit(versionInfo));
  return isV2 ? { transport: "v2", outcome: v2.outcome ?? outcome } : { transport: "v1", outcome };
}
