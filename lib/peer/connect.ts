/** What every connection to a peer needs: time limits, errors with codes, and no DNS. */
import type { LookupFunction } from "node:net";
import { isInterrupt, withLimit } from "../kernel/interrupt";
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "./errors";
import { ProtocolError } from "../wire/errors";

/** Time allowed for connecting, and again for the answer, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 1000;

/**
 * Waits at most `ms` milliseconds for `promise`.
 *
 * @returns what `promise` resolves to.
 * @throws PeerError with `code` if that takes longer. Errors of the socket become PeerErrors too,
 * ProtocolErrors stay as they are. AbortError if the cell is interrupted.
 */
export async function withTimeout<T>(ms: number, code: PeerErrorCode, promise: Promise<T>): Promise<T> {
  const late = () => new PeerError(code, `${PEER_ERRORS[code]} (${ms} ms)`);
  try {
    return await withLimit(ms, late, () => promise);
  } catch (error) {
    throw toPeerError(error);
  }
}

/** Our code for each error code of Node.js, by whose trouble it is: the peer's, or this computer's. */
const CODES: Record<string, PeerErrorCode> = {
  ECONNREFUSED: "REFUSED",
  ECONNRESET: "CLOSED",
  EPIPE: "CLOSED",
  ERR_STREAM_PREMATURE_CLOSE: "CLOSED",
  ERR_STREAM_DESTROYED: "CLOSED", // written to after the end, ours or theirs
  ERR_SOCKET_CLOSED: "CLOSED",
  ETIMEDOUT: "CONNECT_TIMEOUT",
  EMFILE: "TOO_MANY_FILES",
  ENFILE: "TOO_MANY_FILES",
  EADDRNOTAVAIL: "LOCAL_TROUBLE", // no free local port, or no local address of that family
  EADDRINUSE: "LOCAL_TROUBLE",
  ENOBUFS: "LOCAL_TROUBLE",
  ENOMEM: "LOCAL_TROUBLE",
  EAGAIN: "LOCAL_TROUBLE",
  EPERM: "LOCAL_TROUBLE", // a firewall of this computer
  EACCES: "LOCAL_TROUBLE",
  ENETDOWN: "LOCAL_TROUBLE",
};

/**
 * Returns an error of Node.js as a PeerError. Codes of ours stay; others that are not in `CODES` become
 * UNREACHABLE: no such name, no route, no IPv6. An error without a code is a bug in the program, and is returned
 * unchanged although the type says otherwise.
 *
 * @throws the error itself if it says that the cell was interrupted: then no peer is to blame.
 */
export function toPeerError(error: unknown): PeerError | ProtocolError {
  if (isInterrupt(error)) throw error;
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof PeerError || error instanceof ProtocolError || typeof code !== "string") {
    return error as PeerError;
  }
  const ours = code in PEER_ERRORS ? (code as PeerErrorCode) : (CODES[code] ?? "UNREACHABLE");
  return new PeerError(ours, `${PEER_ERRORS[ours]} (${message})`, { cause: error });
}

/**
 * Fails with ENOTFOUND instead of asking the DNS. Nodes have IP addresses, or names that end in .onion,
 * which the DNS must not be asked for (RFC 7686).
 */
export const noDnsLookup: LookupFunction = (hostname, _options, callback) => {
  callback(Object.assign(new Error(`${hostname} is a name, not an IP address`), { code: "ENOTFOUND" }), "");
};
