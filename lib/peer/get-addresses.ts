/**
 * Asking one peer whom it knows, which is how a crawler finds addresses that no list has.
 *
 *  1. connect and send `OUR_VERSION`
 *  2. when their version is here, send verack and getaddr
 *  3. read packets until one holds more addresses than peers tell of unasked
 *  4. close the socket, whatever happened
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#getaddr
 */
import { once } from "node:events";
import net from "node:net";
import { AddrMessage, type KnownAddress } from "../wire/addr";
import type { AddressTuple } from "./address";
import { PEER_ERRORS, PeerError } from "./errors";
import { Packet } from "../wire/packet";
import { readPackets } from "../wire/packet-reader";
import { noDnsLookup, DEFAULT_TIMEOUT_MS, withTimeout } from "./connect";
import { OUR_VERSION } from "../wire/version-message";

/** Peers tell unasked of themselves and of a few they have just heard of: up to ten (RelayAddress and ProcessMessage of Bitcoin Core's net_processing.cpp). */
const UNASKED = 10;
const REPLY = Buffer.concat(
  ["verack", "getaddr"].map((command) => new Packet(command, new Uint8Array(0)).toBytes()),
);

/** The addresses, a thousand at the most, that the peer at `address` knows of. Rejects with a PeerError or a ProtocolError, at the latest when the answer has taken `timeoutMs` milliseconds. */
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
    if (addresses.length > UNASKED) return addresses;
  }
  throw new PeerError("CLOSED", PEER_ERRORS.CLOSED);
}
