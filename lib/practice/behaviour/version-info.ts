/** What a node says of itself in its version message. */
export interface VersionInfo {
  version: number;
  services: number;
  userAgent: string;
  startHeight: number;
  /** Undefined: the byte is missing. */
  relay: boolean | undefined;
  /** By how much its clock is wrong, in seconds; positive is ahead. */
  clockSkewSeconds: number;
}

/** What a conversation needs to know of the peer that holds it. */
export interface SessionPeer {
  versionInfo: VersionInfo;
  /** Milliseconds from connecting to its answer, at latency factor 1. */
  delayMs: number;
  /** A number from 0 to 1 of its own, for manners that come in variants. */
  variant: number;
}
