/**
 * The fields of a made-up node: what the API says of it, and how it behaves.
 */
import type { BehaviourName } from "../behaviour/behaviours";
import { type SessionPeer, VersionInfo } from "../behaviour/version-info";
import type { Operator } from "./operators";
import type { Place } from "./places";

/** The fields of a node in the API's snapshot that are not in its version message. */
export interface Listing extends Place, Operator {
  /** How many seconds the node had been connected when the snapshot was made. */
  connectedSeconds: number;
  /** Undefined if the snapshot gives its IP address instead; null behind Tor. */
  hostname: string | undefined | null;
}

/** A node with an IP address. */
export interface Peer extends SessionPeer {
  family: "ipv4" | "ipv6";
  /** The last two bytes of its IPv4 address, as a big-endian number. */
  hostNumber: number;
  /** Its port; 8333 stands for the network's main port (server/loopback-ranges.ts). */
  port: number;
  listing: Listing;
  behaviour: BehaviourName;
  /** The snapshot also lists its IPv4-mapped IPv6 address, on machines that can connect to those. */
  hasMappedDuplicate: boolean;
}

/** A node behind Tor, which a plain socket cannot reach. */
export interface Onion {
  host: string;
  port: number;
  versionInfo: VersionInfo;
  listing: Listing;
}
