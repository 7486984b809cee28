/** The record of one visit to one address. */
import type { AddressTuple } from "./address";
import type { PeerError } from "./errors";
import type { VersionMessage } from "../wire/version-message";
import type { ProtocolError } from "../wire/errors";

/**
 * One visit to one address: the time of each phase it reached, and its outcome.
 *
 * Times are in milliseconds of the monotonic clock, which all threads and processes of a machine share.
 */
export interface Visit {
  address: AddressTuple;
  /** The thread or process that made the visit. */
  worker?: string;
  /**
   * How the peer was called: in clear text or encrypted (BIP 324); after a downgrade v1. Not set if there was
   * no connection, by `visit`, which only speaks v1, and in visits that were saved before there was v2.
   */
  transport?: "v1" | "v2";
  startedAt: number;
  connectedAt?: number;
  sentAt?: number;
  firstByteAt?: number;
  endedAt: number;
  /** Set if the visit succeeded. */
  versionMessage?: VersionMessage;
  /** Set if the visit failed. */
  error?: PeerError | ProtocolError;
}
