/** The record of one visit to one address. */
import type { AddressTuple } from "./address";
import type { PeerError } from "./errors";
import type { VersionMessage } from "../wire/version-message";
import type { ProtocolError } from "../wire/errors";

/**
 * What came of asking a peer for addresses:
 *
 *  - ANSWERED: it named at least one other address than its own
 *  - KNOWS_NOBODY: its messages named none, or only its own
 *  - SILENT: no such message came within the time allowed
 *  - HUNG_UP: it closed the connection without one
 *  - MALFORMED: it sent what the protocol does not allow, perhaps after addresses
 */
export const GOSSIP_OUTCOMES = ["ANSWERED", "KNOWS_NOBODY", "SILENT", "HUNG_UP", "MALFORMED"] as const;

export type GossipOutcome = (typeof GOSSIP_OUTCOMES)[number];

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
  /** Set if the visit succeeded and the peer was asked for addresses: what came of that. */
  gossip?: GossipOutcome;
  /** How many addresses the peer sent when it was asked. */
  told?: number;
  /** Set if the visit failed. */
  error?: PeerError | ProtocolError;
}
