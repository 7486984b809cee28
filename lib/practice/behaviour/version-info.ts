/**
 * What a session knows of its peer: the fields of its version message, and its delay.
 *
 * The made-up nodes of population/ have more fields (population/nodes.ts), which a session does not need.
 */

/** The fields of a peer's version message, with its clock's error in place of the time. */
export interface VersionInfo {
  version: number;
  services: number;
  userAgent: string;
  startHeight: number;
  /** Undefined if the message ends before the relay byte. */
  relay: boolean | undefined;
  /** How far the peer's clock is wrong, in seconds; positive is ahead. */
  clockSkewSeconds: number;
}

/** The fields of a peer that its sessions use. */
export interface SessionPeer {
  versionInfo: VersionInfo;
  /** Milliseconds from connecting to the peer's answer, at latency factor 1. */
  delayMs: number;
  /** A number of the peer's own, from 0 up to 1, for behaviours that come in variants. */
  variant: number;
}
