/**
 * What a behaviour is, and what it may do with a connection.
 *
 * The behaviours themselves are in behaviours.ts; session.ts implements `Session`.
 */
import type { PeerErrorCode } from "../../peer/errors";
import type { ProtocolErrorCode } from "../../wire/errors";
import type { HandshakeCommand } from "./handshake-bytes";
import { SessionPeer, type VersionInfo } from "./version-info";

/** The outcome of a visit to a peer: its version message, or the code of an error. */
export type VisitOutcome = "version" | PeerErrorCode | ProtocolErrorCode;

/** One connection to one peer, as its behaviour sees it. */
export interface Session {
  readonly peer: SessionPeer;
  /** The protocol version in the caller's version message; 0 until the message is here. */
  readonly callerVersion: number;
  /**
   * Calls `work` after the peer's delay, or after one round trip if the peer has answered before, unless the
   * caller has disconnected by then.
   */
  afterDelay(work: () => void): void;
  /**
   * Returns the bytes of the peer's messages to this caller. The first command must be `version`.
   * `changes` replace fields of the peer's version message.
   */
  messages(commands: readonly HandshakeCommand[], changes?: Partial<VersionInfo>): Buffer;
  /** Writes messages: packets of v1, which are encrypted for callers in v2. */
  write(bytes: Uint8Array): void;
  /** Writes one chunk every `intervalMs` milliseconds, until all are sent or the caller disconnects. */
  writeSlowly(chunks: readonly Uint8Array[], intervalMs: number): void;
  /** Sends a decoy: only to callers in v2. */
  sendDecoy(contents: Uint8Array): void;
  /** Writes bytes as they are: in v2 they are not encrypted. */
  writeRaw(bytes: Uint8Array): void;
  /** Writes `bytes`, then closes the connection. */
  end(bytes: Uint8Array): void;
  /** Closes the connection at once. */
  hangUp(): void;
}

/** How a kind of peer treats its callers in v2, where that differs. */
interface EncryptedBehaviour {
  /** The outcome of a visit in v2. */
  outcome?: VisitOutcome;
  /**
   * Called when the caller's key is here. `handshake` is the peer's: key, garbage, terminator, version
   * packet. By default it is sent after the delay.
   */
  onKey?: (session: Session, handshake: Uint8Array) => void;
  /** Called in place of `onVersion`. */
  onVersion?: (session: Session) => void;
}

/** How a kind of peer treats its callers. */
export interface Behaviour {
  /**
   * Returns its weight among peers with modern or old software that speak v2 or do not. The weights for each
   * kind add up to 100.
   */
  share: (modern: boolean, speaksV2?: boolean) => number;
  /** The outcome of a visit, if the peer's delay is shorter than the caller's timeout. */
  outcome: VisitOutcome;
  /** Returns whether a peer of this variant waits for its delay. All variants do if not given. */
  waits?: (variant: number) => boolean;
  /** Nothing listens at the peer's address. */
  refuses?: true;
  /** Returns the fields of such a peer's version message, if they differ from its software's. */
  versionInfo?: (usual: VersionInfo) => VersionInfo;
  /**
   * How it treats callers in v2, if its services say that it speaks it (bit 11). Not given: it only knows
   * v1, and hangs up on v2 as on everything else that is no message.
   */
  v2?: EncryptedBehaviour;
  /** Does not read what callers send. */
  isDeaf?: true;
  /** Called when a caller has connected. */
  onConnect?: (session: Session) => void;
  /** Called when the caller's version message is here. From here on the session answers pings. */
  onVersion?: (session: Session) => void;
}
