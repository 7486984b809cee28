import type { LookupFunction } from "node:net";
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "./errors";
import { ProtocolError } from "../wire/errors";

/** How long connecting may take, and again how long an answer may take. */
export const DEFAULT_TIMEOUT_MS = 1000;

/**
 * What `promise` gives, if it gives it within `ms` milliseconds; else a PeerError with `code`.
 * Errors of the socket come out as PeerErrors too; ProtocolErrors stay what they are.
 */
export async function withTimeout<T>(ms: number, code: PeerErrorCode, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PeerError(code, `${PEER_ERRORS[code]} (${ms} ms)`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    throw toPeerError(error);
  } finally {
    clearTimeout(timer);
  }
}

const CODES: Record<string, PeerErrorCode> = {
  ECONNREFUSED: "REFUSED",
  ECONNRESET: "CLOSED",
  EPIPE: "CLOSED",
  ERR_STREAM_PREMATURE_CLOSE: "CLOSED",
  ETIMEDOUT: "CONNECT_TIMEOUT",
  EMFILE: "TOO_MANY_FILES",
  ENFILE: "TOO_MANY_FILES",
};

/** An error of Node.js as one of ours; its codes that we do not know are UNREACHABLE: no such name, no route, no IPv6. Other errors are a mistake in the program and stay what they are, whatever the type says. */
export function toPeerError(error: unknown): PeerError | ProtocolError {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof PeerError || error instanceof ProtocolError || typeof code !== "string") {
    return error as PeerError;
  }
  const ours = CODES[code] ?? "UNREACHABLE";
  return new PeerError(ours, `${PEER_ERRORS[ours]} (${message})`, { cause: error });
}

/** Refuses to look up names. Nodes have IP addresses; the rest end in .onion, and those must not be asked of the DNS (RFC 7686). */
export const noDnsLookup: LookupFunction = (hostname, _options, callback) => {
  callback(Object.assign(new Error(`${hostname} is a name, not an IP address`), { code: "ENOTFOUND" }), "");
};
