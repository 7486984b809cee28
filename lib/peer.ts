/**
 * A conversation with one peer, as short as it can be: our version, theirs, goodbye.
 *
 *  1. connect, for at most a second
 *  2. send `OUR_VERSION`
 *  3. read packets until theirs is a version message, for at most a second
 *  4. close the socket, whatever happened
 */
import { once } from "node:events";
import net, { type LookupFunction } from "node:net";
import type { AddressTuple } from "./addresses";
import { PEER_ERRORS, PeerError, type PeerErrorCode, ProtocolError } from "./errors";
import { readPackets } from "./packet-reader";
import { OUR_VERSION, VersionMessage } from "./version-message";
import { now, type Visit } from "./visit";

/** How long connecting may take, and again how long an answer may take. */
export const PATIENCE_MS = 1000;

/** The version message of the peer at `address`. Rejects with a PeerError or a ProtocolError, after a second of connecting or of waiting at the latest. */
export async function getVersionMessage(address: AddressTuple): Promise<VersionMessage> {
  const [host, port] = address;
  const socket = net.connect({ host, port, lookup: noNames });
  try {
    await within(PATIENCE_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
    socket.write(OUR_VERSION);
    return await within(PATIENCE_MS, "ANSWER_TIMEOUT", readVersionMessage(socket));
  } finally {
    socket.destroy();
  }
}

/** One try at one address, with the time of each phase. Never rejects: what went wrong is in `error`. */
export async function visit(address: AddressTuple): Promise<Visit> {
  const [host, port] = address;
  const record: Visit = { address, startedAt: now(), endedAt: NaN };
  const socket = new net.Socket();
  try {
    socket.connect({ host, port, lookup: noNames });
    await within(PATIENCE_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
    record.connectedAt = now();
    socket.write(OUR_VERSION);
    record.sentAt = now();
    socket.once("data", () => (record.firstByteAt = now()));
    record.versionMessage = await within(PATIENCE_MS, "ANSWER_TIMEOUT", readVersionMessage(socket));
  } catch (error) {
    record.error = toPeerError(error);
  } finally {
    socket.destroy();
    record.endedAt = now();
  }
  return record;
}

/** The first version message in what a socket sends, whatever comes before it. Rejects with CLOSED if the peer hangs up. */
async function readVersionMessage(socket: AsyncIterable<Uint8Array>): Promise<VersionMessage> {
  for await (const packet of readPackets(socket)) {
    if (packet.command === "version") return VersionMessage.fromBytes(packet.payload);
  }
  throw new PeerError("CLOSED", PEER_ERRORS.CLOSED);
}

/**
 * What `promise` gives, if it gives it within `ms` milliseconds; else a PeerError with `code`.
 * Errors of the socket come out as PeerErrors too; ProtocolErrors stay what they are.
 */
export async function within<T>(ms: number, code: PeerErrorCode, promise: Promise<T>): Promise<T> {
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
export const noNames: LookupFunction = (hostname, _options, callback) => {
  callback(Object.assign(new Error(`${hostname} is a name, not an IP address`), { code: "ENOTFOUND" }), "");
};
