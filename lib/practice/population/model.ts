/**
 * What a population is drawn from: there is a model for each year of which there are figures.
 *
 * A model knows the frequencies and how they hang together; population.ts draws nodes with it.
 */
import type { VersionInfo } from "../behaviour/version-info";
import type { Random, Weighted } from "../../util/random";
import type { GossipModel } from "../behaviour/gossip-model";
import type { OverlayPeer, Peer } from "./nodes";
import type { Operator } from "./operators";
import type { Place } from "./places";

/**
 * The aspects of a peer, each with a stream of random numbers.
 *
 * A renamed aspect would change every network.
 */
export const ASPECTS = [
  "family",
  "port",
  "software",
  "clock",
  "place",
  "operator",
  "listing",
  "manner",
  "delay",
  "newer",
  "spelling",
  "v2",
  "fleet",
] as const;
export type Streams = Readonly<Record<(typeof ASPECTS)[number], Random>>;

/** What hangs together in a peer: its software, where it is, and who hosts it. */
interface Kind {
  versionInfo: VersionInfo;
  family: Peer["family"];
  place: Place;
  operator: Operator;
  /** How many addresses it tells, if it tells fewer than others. */
  addressesToTell?: number;
}

/** A node behind Tor or on I2P, before it is known how it is reached. */
export type OverlayKind = Pick<OverlayPeer, "network" | "host" | "port" | "listing" | "versionInfo">;

/** The frequencies of one population. */
export interface PopulationModel {
  /** Height of the best chain, as in the snapshot. */
  tip: number;
  /** By port, how many nodes listen on it; 0 stands for all others. */
  ports: Weighted<number>;
  /** Share of peers that the snapshot lists twice. */
  mappedDuplicateShare: number;
  /** Share of peers whose hostname in the snapshot is their IP address. */
  noHostnameShare: number;
  /** What peers tell each other. */
  gossip: GossipModel;
  drawKind(streams: Streams): Kind;
  /** Draws for how many seconds a node has been connected. */
  drawAge(random: Random): number;
  /** Draws the nodes that no plain socket reaches, for a network of `peers` peers. */
  drawOverlay(stream: (aspect: string) => Random, peers: number): OverlayKind[];
  /** Returns whether this software sends the feature messages of BIPs 155 and 339. */
  isModern(userAgent: string): boolean;
}
