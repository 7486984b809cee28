/** What peers tell each other, as it was in some year: population/ has a model for each. */
import type { Quantiles, Weighted } from "../../util/random";

/** The networks of addresses that are no IP addresses. `unknown` is one that no software knows yet. */
export type OverlayNetwork = "tor" | "i2p" | "cjdns" | "unknown";

/** Of each of these networks, how many addresses are nobody's: per node without an IP address, and at least. */
export type OverlayStrangers = Readonly<
  Partial<Record<OverlayNetwork, readonly [perNode: number, least: number]>>
>;

export interface GossipModel {
  /** How many seconds ago an address was last seen. */
  ages: Quantiles;
  /** The quantile of `ages` up to which peers tell. */
  oldestQuantile: number;
  /** How many IP addresses the peers know in total, per peer that there is. */
  knownPerPeer: number;
  /** The services of addresses that are nobody's. */
  strangersServices: Weighted<number>;
  overlayStrangers: OverlayStrangers;
}
