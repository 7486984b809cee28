import type { PeerErrorCode } from "../../peer/errors";
import type { ProtocolErrorCode } from "../../wire/errors";
import type { HandshakeCommand } from "./handshake-bytes";
import { SessionPeer, type VersionInfo } from "./version-info";

/** What comes of calling a peer: its version message, or the code of an error. */
export type VisitOutcome = "version" | PeerErrorCode | ProtocolErrorCode;

/** One connection to one peer, as its manner sees it. */
export interface Session {
  readonly peer: SessionPeer;
  /** The caller's protocol version, once they have introduced themselves; 0 before. */
  readonly callerVersion: number;
  /** Does `work` when the peer's delay has passed, unless the caller has gone by then. */
  afterDelay(work: () => void): void;
  /** The peer's messages to this caller, its version message first; `changes` are what it says otherwise than usual. */
  messages(commands: readonly HandshakeCommand[], changes?: Partial<VersionInfo>): Buffer;
  write(bytes: Uint8Array): void;
  /** Sends piece after piece, with so many milliseconds between two, until that was all or the caller has gone. */
  writeSlowly(pieces: readonly Uint8Array[], everyMs: number): void;
  /** Says one last thing and hangs up. */
  end(bytes: Uint8Array): void;
  hangUp(): void;
}

export interface Behaviour {
  /** How often it occurs among peers whose software is modern, or is not. Weights; all of a column's make 100. */
  share: (modern: boolean) => number;
  /** What comes of calling it, if it is quick enough. */
  outcome: VisitOutcome;
  /** Whether this peer takes its time, for manners of which some do not. */
  waits?: (variant: number) => boolean;
  /** Nothing listens at its address. */
  refuses?: true;
  /** What such a peer says of itself, where that is not what its software says. */
  versionInfo?: (usual: VersionInfo) => VersionInfo;
  /** Somebody connected. */
  onConnect?: (session: Session) => void;
  /** Their version message is here. From here on pings are answered. */
  onVersion?: (session: Session) => void;
}
