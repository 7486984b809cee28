/**
 * What real node software said when it was called: bytes for tests, checks and the practice network.
 *
 * Each file here was recorded on loopback by `npm run record`; its name, and the file itself, say
 * which software and version spoke.
 */
import { fromHex } from "../wire/bytes";
import bcoin from "./bcoin-1.0.2.json";
import bitcore from "./bitcore-p2p-10.10.7.json";
import oldBtcd from "./btcd-0.20.1-beta.json";
import btcd from "./btcd-0.26.2.json";
import btcdTo70016 from "./btcd-0.26.2-to-70016.json";

/** One side of one conversation, from the first byte to the end of the handshake. */
export interface Recording {
  /** Who spoke: `btcd`. */
  software: string;
  /** Its release: `0.26.2`. */
  version: string;
  /** The command line it was started with. */
  how: string;
  /** `2026-11-23` */
  recordedOn: string;
  /** The protocol version we introduced ourselves with: that of `OUR_VERSION`, or a newer one. */
  protocolVersion: number;
  /** What we sent, in hexadecimal: our version, and a `verack` after theirs. */
  ourBytes: string;
  /** What came back, in hexadecimal, cut where the socket cut it. */
  chunks: string[];
  /** The messages in it, in the order they came, each with the length of its payload in bytes. */
  messages: { command: string; length: number }[];
}

/** All recordings; of each software the newest version first. */
export const RECORDINGS: readonly Recording[] = [btcd, btcdTo70016, oldBtcd, bcoin, bitcore];

/** What a software's newest version, or the one named, said to `OUR_VERSION`. Throws an Error that names those there are. */
export function recordingOf(software: string, version?: string): Recording {
  const recording = RECORDINGS.find(
    (one) => one.software === software && (version === undefined || one.version === version),
  );
  if (recording) return recording;
  const known = RECORDINGS.map((one) => `${one.software} ${one.version}`).join(", ");
  throw new Error(`there is no recording of ${software} ${version ?? ""}: there are ${known}`);
}

/** What the peer sent, cut where the socket cut it. */
export function recordedChunks(recording: Recording): Uint8Array[] {
  return recording.chunks.map(fromHex);
}
