/**
 * Asks one peer for the addresses it knows. That is how a crawler finds peers that are on no list.
 *
 *  1. connect and send `OUR_VERSION`
 *  2. when the peer's version arrives, send verack and getaddr
 *  3. read packets until one holds more addresses than peers send unasked, and no more follow
 *  4. close the socket, whatever happened
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#getaddr
 */
import { once } from "node:events";
import net from "node:net";
import type { KnownAddress } from "../wire/addr";
import type { AddressTuple } from "./address";
import { AddressAnswer, QUIET_MS } from "./address-answer";
import { PEER_ERRORS, PeerError } from "./errors";
import { serializePacket } from "../wire/packet";
import { readPackets } from "../wire/packet-reader";
import { noDnsLookup, DEFAULT_TIMEOUT_MS, withTimeout } from "./connect";
import { OUR_VERSION } from "../wire/version-message";

/** What we answer to a peer's version message, to ask it for addresses. */
const GETADDR_REPLY: Buffer = Buffer.concat([serializePacket("verack"), serializePacket("getaddr")]);

/**
 * Returns the addresses that the peer at `address` sends when asked, in all parts of its answer.
 *
 * The answer may take `timeoutMs` milliseconds, counted from the connection. A peer that knows few
 * addresses is waited for that long, since peers send a few unasked. A peer that sends an empty message
 * knows nobody: that is an answer. The peer's own address alone is none.
 *
 * @throws PeerError if the peer cannot be reached or does not answer. ProtocolError if it does not keep to
 * the protocol, whatever it has sent before.
 */
export async function getAddresses(
  address: AddressTuple,
  timeoutMs: number = 2 * DEFAULT_TIMEOUT_MS,
): Promise<KnownAddress[]> {
  const [host, port] = address;
  const known: KnownAddress[] = [];
  const answer = new AddressAnswer(address);
  const socket = net.connect({ host, port, lookup: noDnsLookup });
  try {
    await withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
    socket.write(OUR_VERSION);
    await withTimeout(timeoutMs, "ANSWER_TIMEOUT", readAnswer(socket, answer, known));
  } catch (error) {
    const isAnswered = answer.namesOthers || answer.isEmpty;
    if (!(error instanceof PeerError) || !isAnswered) throw error;
  } finally {
    socket.destroy();
  }
  return known;
}

/** Adds the addresses in the peer's messages to `known`, until no part of the answer is missing. */
async function readAnswer(socket: net.Socket, answer: AddressAnswer, known: KnownAddress[]): Promise<void> {
  let quiet: NodeJS.Timeout | undefined;
  try {
    for await (const packet of readPackets(socket)) {
      if (packet.command === "version") socket.write(GETADDR_REPLY);
      known.push(...answer.read(packet));
      if (answer.isComplete) return;
      if (!answer.isEnough || !packet.command.startsWith("addr")) continue;
      // Destroying the socket ends the loop.
      quiet = quiet?.refresh() ?? setTimeout(() => socket.destroy(), QUIET_MS);
    }
  } finally {
    clearTimeout(quiet);
  }
  throw new PeerError("CLOSED", PEER_ERRORS.CLOSED);
}
