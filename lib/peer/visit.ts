/** What is kept of one try at one address. */
import type { AddressTuple } from "./address";
import type { PeerError } from "./errors";
import type { VersionMessage } from "../wire/version-message";
import type { ProtocolError } from "../wire/errors";

/** One try at one address. Times are in milliseconds of the monotonic clock, on one scale for all threads and processes. */
export interface Visit {
  address: AddressTuple;
  /** Which thread or process did it. */
  worker?: string;
  startedAt: number;
  connectedAt?: number;
  sentAt?: number;
  firstByteAt?: number;
  endedAt: number;
  /** Either this … */
  versionMessage?: VersionMessage;
  /** … or this. */
  error?: PeerError | ProtocolError;
}
