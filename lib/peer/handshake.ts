/**
 * The shortest exchange with one peer: our version message, then the peer's.
 *
 *  1. connect, within a second
 *  2. send `OUR_VERSION`
 *  3. read packets until one is a version message, within a second
 *  4. close the socket, whatever happened
 *
 * https://developer.bitcoin.org/devguide/p2p_network.html#connecting-to-peers
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

/**
 * Returns the version message of the peer at `address`. Connecting may take a second, and so may the answer.
 *
 * @throws PeerError or ProtocolError.
 */
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

/**
 * Visits one address and notes the time of each phase. `error` says what went wrong.
 *
 * @throws AbortError if the cell is interrupted, and nothing else.
 */
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

/**
 * Reads packets until one is a version message, and returns it.
 *
 * @throws PeerError CLOSED if the peer closes the connection first.
 */
async function readVersionMessage(socket: AsyncIterable<Uint8Array>): Promise<VersionMessage> {
  for await (const packet of readPackets(socket)) {
    if (packet.command === "version") return VersionMessage.fromBytes(packet.payload);
  }
  throw new PeerError("CLOSED", PEER_ERRORS.CLOSED);
}
