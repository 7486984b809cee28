/**
 * A conversation with one peer, as short as it can be: our version, theirs, goodbye.
 *
 *  1. connect, for at most a second
 *  2. send `OUR_VERSION`
 *  3. read packets until theirs is a version message, for at most a second
 *  4. close the socket, whatever happened
 */
import { once } from "node:events";
import net from "node:net";
import type { AddressTuple } from "./address";
import { PEER_ERRORS, PeerError } from "./errors";
import { readPackets } from "../wire/packet-reader";
import { noDnsLookup, DEFAULT_TIMEOUT_MS, toPeerError, withTimeout } from "./connect";
import { now } from "../util/clock";
import { OUR_VERSION, VersionMessage } from "../wire/version-message";
import type { Visit } from "./visit";

/** The version message of the peer at `address`. Rejects with a PeerError or a ProtocolError, after a second of connecting or of waiting at the latest. */
export async function getVersionMessage(address: AddressTuple): Promise<VersionMessage> {
  const [host, port] = address;
  const socket = net.connect({ host, port, lookup: noDnsLookup });
  try {
    await withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
    socket.write(OUR_VERSION);
    return await withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", readVersionMessage(socket));
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
    socket.connect({ host, port, lookup: noDnsLookup });
    await withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
    record.connectedAt = now();
    socket.write(OUR_VERSION);
    record.sentAt = now();
    socket.once("data", () => (record.firstByteAt = now()));
    record.versionMessage = await withTimeout(
      DEFAULT_TIMEOUT_MS,
      "ANSWER_TIMEOUT",
      readVersionMessage(socket),
    );
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
