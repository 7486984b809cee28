/**
 * A visit over the encrypted transport (BIP 324), with the downgrade to v1.
 *
 *  1. connect, and send a key and garbage
 *  2. when the peer's key arrives: send what ends the handshake, and our version message
 *  3. read packets until one is a version message
 *  4. close the socket, whatever happened; call anew in v1 if no byte came back
 */
import { once } from "node:events";
import net from "node:net";
import { now } from "../util/clock";
import { Transport } from "../transport/transport";
import { OUR_VERSION_MESSAGE, VersionMessage } from "../wire/version-message";
import type { AddressTuple } from "./address";
import { DEFAULT_TIMEOUT_MS, noDnsLookup, toPeerError, withTimeout } from "./connect";
import { shouldDowngrade } from "./downgrade";
import { PEER_ERRORS, PeerError } from "./errors";
import { visit } from "./handshake";
import type { Visit } from "./visit";

/**
 * Visits one address as `visit` does, in v2 if the peer speaks it and else in v1: `transport` says which.
 * Connecting may take a second, and so may the peer's key, and then its version message.
 */
export async function visitV2(address: AddressTuple): Promise<Visit> {
  const record = await tryV2(address);
  if (!shouldDowngrade(record)) return record;
  const second = { ...(await visit(address)), startedAt: record.startedAt };
  return second.connectedAt === undefined ? second : { ...second, transport: "v1" };
}

async function tryV2(address: AddressTuple): Promise<Visit> {
  const [host, port] = address;
  const record: Visit = { address, startedAt: now(), endedAt: NaN };
  const socket = new net.Socket();
  try {
    socket.connect({ host, port, lookup: noDnsLookup });
    await withTimeout(DEFAULT_TIMEOUT_MS, "CONNECT_TIMEOUT", once(socket, "connect"));
    record.connectedAt = now();
    record.transport = "v2";
    socket.once("data", () => (record.firstByteAt = now()));
    const transport = new Transport("initiator");
    record.versionMessage = await callInV2(transport, socket, () => (record.sentAt = now()));
    record.transport = transport.protocol; // v1 if the peer spoke first
  } catch (error) {
    record.error = toPeerError(error);
  } finally {
    socket.destroy();
    record.endedAt = now();
  }
  return record;
}

/** Speaks v2 until the peer's version message is here, and returns it. `onSent` is called after the first bytes. */
async function callInV2(
  transport: Transport,
  socket: net.Socket,
  onSent: () => void,
): Promise<VersionMessage> {
  transport.send("version", OUR_VERSION_MESSAGE.toBytes());
  socket.write(transport.takeOutput());
  onSent();
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const read = (isEnough: () => boolean) =>
    withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", readVersion(socket, chunks, transport, isEnough));
  const early = await read(() => transport.sessionId !== undefined);
  return early ?? (await read(() => false))!;
}

/**
 * Reads and answers until the version message is here, or until `isEnough`: then it returns undefined.
 *
 * @throws PeerError CLOSED if the peer closes the connection first.
 */
async function readVersion(
  socket: net.Socket,
  chunks: AsyncIterator<Uint8Array>,
  transport: Transport,
  isEnough: () => boolean,
): Promise<VersionMessage | undefined> {
  while (!isEnough()) {
    const { value, done } = await chunks.next();
    if (done) throw new PeerError("CLOSED", PEER_ERRORS.CLOSED);
    transport.add(value);
    for (let packet = transport.next(); packet; packet = transport.next()) {
      if (packet.command === "version") return VersionMessage.fromBytes(packet.payload);
    }
    socket.write(transport.takeOutput());
  }
  return undefined;
}
