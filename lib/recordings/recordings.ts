/**
 * Recordings of real node software: bytes for tests, checks and the practice network.
 *
 * `npm run record` recorded each file of this folder on loopback. The file and its name say which
 * software and version sent the bytes.
 */
import { fromHex } from "../wire/bytes";
import bcoin from "./bcoin-1.0.2.json";
import bitcore from "./bitcore-p2p-10.10.7.json";
import oldBtcd from "./btcd-0.20.1-beta.json";
import btcd from "./btcd-0.26.2.json";
import btcdTo70016 from "./btcd-0.26.2-to-70016.json";

/** The bytes that a node sent on one connection, from the first byte to the end of the handshake. */
export interface Recording {
  /** The software that sent them: `btcd`. */
  software: string;
  /** Its release: `0.26.2`. */
  version: string;
  /** The command line it was started with. */
  how: string;
  /** `2026-11-23` */
  recordedOn: string;
  /** The protocol version in our version message: that of `OUR_VERSION`, or a newer one. */
  protocolVersion: number;
  /** The bytes we sent, in hexadecimal: our version, and a `verack` after theirs. */
  ourBytes: string;
  /** The bytes the node sent, in hexadecimal, one string per chunk of the socket. */
  chunks: string[];
  /** The messages in them, in order, each with the length of its payload in bytes. */
  messages: { command: string; length: number }[];
}

/** All recordings. Of each software, the newest version comes first. */
export const RECORDINGS: readonly Recording[] = [btcd, btcdTo70016, oldBtcd, bcoin, bitcore];

/**
 * Returns the recording of a software's newest version, or of `version`.
 *
 * @throws Error that lists the known recordings, if there is none.
 */
export function recordingOf(software: string, version?: string): Recording {
  const recording = RECORDINGS.find(
    (candidate) => candidate.software === software && (version ?? candidate.version) === candidate.version,
  );
  if (recording) return recording;
  const known = RECORDINGS.map((other) => `${other.software} ${other.version}`).join(", ");
  throw new Error(`there is no recording of ${software} ${version ?? ""}: there are ${known}`);
}

/** Returns the bytes that the node sent, one array per chunk of the socket. */
export function recordedChunks(recording: Recording): Uint8Array[] {
  return recording.chunks.map(fromHex);
}
