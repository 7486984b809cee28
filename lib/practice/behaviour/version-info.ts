/**
 * What a session knows of its peer: the fields of its version message, and its delay.
 *
 * The made-up nodes of population/ have more fields (population/nodes.ts), which a session does not need.
 */

import { SERVICE_BITS } from "../../wire/services";

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

/** The service bit of peers that speak the encrypted transport (BIP 324). */
const V2_BIT = 2 ** SERVICE_BITS.P2P_V2;

/** Returns whether a peer says that it speaks v2. */
export function hasV2Bit({ services }: VersionInfo): boolean {
  return (services & V2_BIT) !== 0;
}

/** Returns the version information of a peer that says that it speaks v2. */
export function withV2Bit(info: VersionInfo): VersionInfo {
  return hasV2Bit(info) ? info : { ...info, services: info.services + V2_BIT };
}

/** Returns the version information of a peer that does not say that it speaks v2. */
export function withoutV2Bit(info: VersionInfo): VersionInfo {
  return hasV2Bit(info) ? { ...info, services: info.services - V2_BIT } : info;
}

/** The fields of a peer that its sessions use. */
export interface SessionPeer {
  versionInfo: VersionInfo;
  /** Milliseconds from connecting to the peer's first answer, at latency factor 1. */
  delayMs: number;
  /** Milliseconds to each later answer: one round trip. */
  roundTripMs: number;
  /** A number of the peer's own, from 0 up to 1, for behaviours that come in variants. */
  variant: number;
  /** How many addresses it tells, if it tells fewer than others. */
  addressesToTell?: number;
}
