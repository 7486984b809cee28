/**
 * What there is to know of a made-up node.
 */
import type { BehaviourName } from "../behaviour/behaviours";
import { type SessionPeer, VersionInfo } from "../behaviour/version-info";
import type { Operator } from "./operators";
import type { Place } from "./places";

/** What the API's snapshot knows of a node beyond its introduction. */
export interface Listing extends Place, Operator {
  /** For how many seconds it had been connected when the snapshot was made. */
  connectedSeconds: number;
  /** Undefined: its IP address is all the name it has. */
  hostname: string | undefined | null;
}

/** A node with an IP address. */
export interface Peer extends SessionPeer {
  family: "ipv4" | "ipv6";
  /** The last two bytes of its IPv4 address, as one number. */
  hostNumber: number;
  /** Its port; 8333 stands for whatever is the network's main port. */
  port: number;
  listing: Listing;
  behaviour: BehaviourName;
  /** The snapshot has it under two spellings of its IPv4 address, where the second can be called. */
  hasMappedDuplicate: boolean;
}

/** A node behind Tor, which no plain socket reaches. */
export interface Onion {
  host: string;
  port: number;
  versionInfo: VersionInfo;
  listing: Listing;
}
