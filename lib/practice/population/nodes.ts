/**
 * The fields of a made-up node: what the API says of it, and how it behaves.
 */
import type { BehaviourName } from "../behaviour/behaviours";
import type { SessionPeer } from "../behaviour/version-info";
import type { Operator } from "./operators";
import type { Place } from "./places";

/** The fields of a node in the API's snapshot that are not in its version message. */
export interface Listing extends Place, Operator {
  /** How many seconds the node had been connected when the snapshot was made. */
  connectedSeconds: number;
  /** Undefined if the snapshot gives its IP address instead; null behind Tor and in I2P. */
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

/**
 * A node behind Tor or on I2P. A plain socket cannot reach it, a proxy can: some seconds after it was asked, or
 * not at all.
 */
export interface OverlayPeer extends SessionPeer {
  network: "tor" | "i2p";
  /** Its name: `….onion`, `….b32.i2p`. */
  host: string;
  /** I2P has no ports: 0. */
  port: number;
  listing: Listing;
  behaviour: BehaviourName;
  /** Milliseconds until the proxy has connected, or has given up, at latency factor 1. */
  connectMs: number;
  /** The proxy's reply to a request to connect, as in SOCKS5 (socks/replies.ts): 0 if it connects. */
  reply: number;
}
