/** What every connection to a peer needs: time limits, errors with codes, and no DNS. */
import type { LookupFunction } from "node:net";
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "./errors";
import { ProtocolError } from "../wire/errors";

/** Time allowed for connecting, and again for the answer, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 1000;

/**
 * Waits at most `ms` milliseconds for `promise`.
 *
 * @returns what `promise` resolves to.
 * @throws PeerError with `code` if that takes longer. Errors of the socket become PeerErrors too,
 * ProtocolErrors stay as they are.
 */
export async function withTimeout<T>(ms: number, code: PeerErrorCode, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PeerError(code, `${PEER_ERRORS[code]} (${ms} ms)`)), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } catch (error) {
    throw toPeerError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Our code for each error code of Node.js that a peer can cause. */
const CODES: Record<string, PeerErrorCode> = {
  ECONNREFUSED: "REFUSED",
  ECONNRESET: "CLOSED",
  EPIPE: "CLOSED",
  ERR_STREAM_PREMATURE_CLOSE: "CLOSED",
  ETIMEDOUT: "CONNECT_TIMEOUT",
  EMFILE: "TOO_MANY_FILES",
  ENFILE: "TOO_MANY_FILES",
};

/**
 * Returns an error of Node.js as a PeerError. Codes that are not in `CODES` become UNREACHABLE: no such
 * name, no route, no IPv6. An error without a code is a bug in the program, and is returned unchanged
 * although the type says otherwise.
 */
export function toPeerError(error: unknown): PeerError | ProtocolError {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof PeerError || error instanceof ProtocolError || typeof code !== "string") {
    return error as PeerError;
  }
  const ours = CODES[code] ?? "UNREACHABLE";
  return new PeerError(ours, `${PEER_ERRORS[ours]} (${message})`, { cause: error });
}

/**
 * Fails with ENOTFOUND instead of asking the DNS. Nodes have IP addresses, or names that end in .onion,
 * which the DNS must not be asked for (RFC 7686).
 */
export const noDnsLookup: LookupFunction = (hostname, _options, callback) => {
  callback(Object.assign(new Error(`${hostname} is a name, not an IP address`), { code: "ENOTFOUND" }), "");
};
