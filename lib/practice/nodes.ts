/**
 * What there is to know of a made-up node.
 */
import type { MannerName } from "./manners";
import type { Operator } from "./operators";
import type { Place } from "./places";

/** Bitcoin's port. */
export const MAIN_PORT = 8333;

/** What a node says of itself in its version message. */
export interface Introduction {
  version: number;
  services: number;
  userAgent: string;
  startHeight: number;
  /** Undefined: the byte is missing. */
  relay: boolean | undefined;
  /** By how much its clock is wrong, in seconds; positive is ahead. */
  clockSkewSeconds: number;
}

/** What the API's snapshot knows of a node beyond its introduction. */
export interface Listing extends Place, Operator {
  /** For how many seconds it had been connected when the snapshot was made. */
  connectedSeconds: number;
  /** Undefined: its IP address is all the name it has. */
  hostname: string | undefined | null;
}

/** A node with an IP address. */
export interface Peer {
  family: "ipv4" | "ipv6";
  /** The last two bytes of its IPv4 address, as one number. */
  hostNumber: number;
  /** Its port; 8333 stands for whatever is the network's main port. */
  port: number;
  introduction: Introduction;
  listing: Listing;
  manner: MannerName;
  /** Milliseconds from connecting to its answer, at latency factor 1. */
  delayMs: number;
  /** A number from 0 to 1 of its own, for manners that come in variants. */
  variant: number;
  /** The snapshot has it under two spellings of its IPv4 address, where the second can be called. */
  spelledTwice: boolean;
}

/** A node behind Tor, which no plain socket reaches. */
export interface Onion {
  host: string;
  port: number;
  introduction: Introduction;
  listing: Listing;
}
