/**
 * Everything that can go wrong between us and a peer, in one file, each with a stable `code`.
 *
 * A `PeerError` is about the connection: nobody there, nobody answering. A `ProtocolError` is about
 * the bytes: somebody answered, and it was not what Bitcoin's protocol allows. A crawl counts its
 * failures by these codes, so they are data of the course as much as errors.
 */
import { PROTOCOL_ERRORS, ProtocolError, ProtocolErrorCode } from "../wire/errors";

/** What can happen to a connection. */
export const PEER_ERRORS = {
  CONNECT_TIMEOUT: "no connection within the time allowed",
  ANSWER_TIMEOUT: "a connection, but no version message within the time allowed",
  REFUSED: "nobody listens at that address",
  CLOSED: "the peer hung up before its version message was complete",
  TOO_MANY_FILES: "no socket: this process has as many files open as it may have (ulimit -n)",
  WORKER_DIED: "the thread or process that called died, and so did the one that tried again",
  UNREACHABLE: "no way leads to that address (no route, no such name, or a Tor address)",
} as const;

export type PeerErrorCode = keyof typeof PEER_ERRORS;

/** The connection failed. `code` says how, `cause` what Node.js said. */
export class PeerError extends Error {
  override readonly name = "PeerError";

  constructor(
    readonly code: PeerErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The error of that code, read from where it was kept: about the bytes, or else about the connection. */
export function errorOfCode(code: string, message: string): PeerError | ProtocolError {
  return code in PROTOCOL_ERRORS
    ? new ProtocolError(code as ProtocolErrorCode, message)
    : new PeerError(code as PeerErrorCode, message);
}
