/**
 * The errors of a connection to a peer, with stable codes.
 *
 * A `PeerError` is about the connection: it could not be opened, or the peer did not answer. A
 * `ProtocolError` (wire/errors.ts) is about bytes that Bitcoin's protocol does not allow. A crawl
 * counts its failures by these codes, so they are part of its data: no code is renamed.
 */
import { PROTOCOL_ERRORS, ProtocolError, ProtocolErrorCode } from "../wire/errors";

/** Each code of a `PeerError`, and what it means. */
export const PEER_ERRORS = {
  CONNECT_TIMEOUT: "no connection within the time allowed",
  ANSWER_TIMEOUT: "a connection, but no answer within the time allowed",
  REFUSED: "no program listens at that address",
  CLOSED: "the connection was closed before the answer was complete",
  TOO_MANY_FILES: "no socket: this process may not open more files (ulimit -n)",
  LOCAL_TROUBLE:
    "this computer could not call: out of local ports or memory, no network, or calling is not allowed; make fewer calls at a time, and check the firewall",
  WORKER_DIED: "the thread or process that made this visit died, and so did the one that tried again",
  UNREACHABLE: "that address cannot be reached (no route, no such name, or a Tor address without a proxy)",
  PROXY_MISSING: "no proxy listens at the address that was given for it",
  PROXY_SILENT: "the proxy takes connections and does not answer",
  PROXY_CLOSED: "the proxy closed the connection before it had connected to the peer",
  PROXY_MALFORMED: "what listens at the proxy's address does not speak SOCKS5",
  PROXY_AUTH: "the proxy does not accept how we identify ourselves",
  PROXY_FORBIDS: "the proxy does not make such connections",
  PROXY_FAILED: "the proxy could not connect, and does not say why",
  ONION_NOT_FOUND: "Tor finds nobody with that name: the node is switched off, or never was",
  ONION_INVALID: "that is no name of an onion service, or what it publishes is invalid",
  ONION_FAILED: "Tor found the onion service and could not meet it",
  ONION_PRIVATE: "the onion service lets in only those whom it knows",
} as const;

export type PeerErrorCode = keyof typeof PEER_ERRORS;

/** Says that a connection failed. `code` says how; `cause` is the error of Node.js, if there was one. */
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

/** Returns the error with a code and a message that were stored: a ProtocolError or a PeerError. */
export function errorOfCode(code: string, message: string): PeerError | ProtocolError {
  return code in PROTOCOL_ERRORS
    ? new ProtocolError(code as ProtocolErrorCode, message)
    : new PeerError(code as PeerErrorCode, message);
}
