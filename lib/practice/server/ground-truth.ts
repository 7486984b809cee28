/**
 * The truth about each address, so that a crawl can be graded on it.
 */
import { addressString } from "../../peer/address";
import { PATIENCE_MS } from "../../peer/connect";
import { type Outcome } from "../behaviour/behaviour";
import type { Introduction } from "../behaviour/version-info";
import { mannerOf, type MannerName } from "../behaviour/behaviours";
import type { Onion } from "../population/nodes";
import type { Listed } from "./mapped-duplicates";

export interface Truth {
  /** As in the snapshot: `127.33.1.2:8333`, `[::1]:10240`, `….onion:8333`. */
  address: string;
  manner: MannerName | "onion";
  /** Milliseconds until the peer answers or hangs up, the network's latency factor included. */
  delayMs: number;
  /** What comes of calling it with a second's patience. */
  outcome: Outcome;
  /** What its version message says, if it gives one. */
  introduction?: Introduction;
}

/** The truth about peers and onions, in the snapshot's order. */
export function truthOf(listed: readonly Listed[], onions: Onion[], latency: number): Truth[] {
  return [
    ...listed.map((each) => truthOfPeer(each, latency)),
    ...onions.map(({ host, port }): Truth => ({
      address: addressString([host, port]),
      manner: "onion",
      delayMs: 0,
      outcome: "UNREACHABLE",
    })),
  ];
}

function truthOfPeer({ peer, address }: Listed, latency: number): Truth {
  const manner = mannerOf(peer.manner);
  const delayMs = manner.waits?.(peer.variant) === false ? 0 : peer.delayMs * latency;
  const outcome = delayMs > PATIENCE_MS ? "ANSWER_TIMEOUT" : manner.outcome;
  const introduction = outcome === "version" ? peer.introduction : undefined;
  return { address: addressString(address), manner: peer.manner, delayMs, outcome, introduction };
}
