/**
 * Asks one peer for the addresses it knows. That is how a crawler finds peers that are on no list.
 *
 *  1. connect and send `OUR_VERSION`
 *  2. when the peer's version arrives, send verack and getaddr
 *  3. read packets until one holds more addresses than peers send unasked
 *  4. close the socket, whatever happened
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#getaddr
 */
import { once } from "node:events";
import net from "node:net";
import { AddrMessage, type KnownAddress } from "../wire/addr";
import type { AddressTuple } from "./address";
import { PEER_ERRORS, PeerError } from "./errors";
import { serializePacket } from "../wire/packet";
import { readPackets } from "../wire/packet-reader";
import { noDnsLookup, DEFAULT_TIMEOUT_MS, withTimeout } from "./connect";
import { OUR_VERSION } from "../wire/version-message";

/**
 * Maximum number of addresses in a message that a peer sends unasked: its own and those of a few new
 * peers (RelayAddress and ProcessMessage of Bitcoin Core's net_processing.cpp).
 */
const MAX_UNASKED = 10;
const REPLY = Buffer.concat([serializePacket("verack"), serializePacket("getaddr")]);

/**
 * Returns the addresses that the peer at `address` sends when asked: at most 1000.
 *
 * The answer may take `timeoutMs` milliseconds, counted from the connection.
 *
 * @throws PeerError or ProtocolError.
 */
export async function getAddresses(
  [host, port]: AddressTuple,
  timeoutMs: number = 2 * DEFAULT_TIMEOUT_MS,
): Promise<readonly KnownAddress[]> {
  const socket = net.connect({ host, port, lookup: noDnsLookup });
  try {
    await withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
    socket.write(OUR_VERSION);
    return await withTimeout(timeoutMs, "ANSWER_TIMEOUT", readAddresses(socket));
  } finally {
    socket.destroy();
  }
}

async function readAddresses(socket: net.Socket): Promise<readonly KnownAddress[]> {
  for await (const { command, payload } of readPackets(socket)) {
    if (command === "version") socket.write(REPLY);
    if (command !== "addr") continue;
    const { addresses } = AddrMessage.fromBytes(payload);
    if (addresses.length > MAX_UNASKED) return addresses;
  }
  throw new PeerError("CLOSED", PEER_ERRORS.CLOSED);
}
