/**
 * One connection to one peer, as the peer sees it.
 *
 *  1. a caller connects: the behaviour's `onConnect`
 *  2. the caller's first message must be a version message, or the peer hangs up
 *  3. the behaviour's `onVersion`, which mostly answers after the peer's delay
 *  4. pings and the first getaddr are answered, the latter after one round trip, by addrv2 to callers who have
 *     said sendaddrv2; other messages are read and dropped
 *  5. the connection ends when the caller disconnects, or after 30 seconds without a byte
 *
 * Callers may speak v2 (BIP 324) to peers that say they do: then the key comes first, and is answered after
 * the delay, and the version message after another round trip.
 *
 * The peer hangs up on anything that is not Bitcoin's protocol, and on payloads above `MAX_HELD` bytes.
 */
import type { Socket } from "node:net";
import { randomBytes, randomInt } from "node:crypto";
import { KeyRing } from "../../transport/key-pool";
import { Transport } from "../../transport/transport";
import { ADDRV2_VERSION } from "../../wire/addrv2";
import { ByteReader } from "../../wire/bytes";
import { ProtocolError } from "../../wire/errors";
import { HEADER_LENGTH, type Packet, serializePacket } from "../../wire/packet";
import { PacketReader } from "../../wire/packet-reader";
import type { AddressBooks } from "./address-books";
import type { Behaviour, Session } from "./behaviour";
import { HandshakeBytes, handshakeBytesFor, type HandshakeCommand } from "./handshake-bytes";
import { hasV2Bit, type VersionInfo, type SessionPeer } from "./version-info";

const IDLE_MS = 30_000;
/** The key pairs of all peers of this process. */
const keys = new KeyRing();
/** The longest payload that a peer accepts, in bytes: no caller has reason to send a longer one. */
const MAX_HELD = 64 * 1024;

/**
 * The last valid version message.
 *
 * Most callers send the same bytes to every peer, so most need no parsing.
 */
let lastValidVersion = { bytes: Buffer.alloc(0), version: 0 };

export class PeerSession implements Session {
  private readonly reader = new PacketReader();
  /** Set if the peer speaks v2, and the caller may. */
  private transport: Transport | undefined;
  private keyAnswered = false;
  /** Bytes received since the caller's last message in v2. */
  private unread = 0;
  private versionReceived = false;
  private addressesRequested = false;
  /** Whether the caller has said `sendaddrv2`, and whether `verack`. */
  private readsAddrV2 = false;
  private handshakeOver = false;
  private hasAnswered = false;
  callerVersion = 0;

  constructor(
    readonly peer: SessionPeer,
    private readonly behaviour: Behaviour,
    private readonly socket: Socket,
    private readonly latency: number,
    private readonly books?: AddressBooks,
  ) {
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    if (this.behaviour.isDeaf) socket.resume();
    else socket.on("data", (chunk: Buffer) => this.onData(chunk));
    this.behaviour.onConnect?.(this);
  }

  afterDelay(work: () => void): void {
    const { delayMs, roundTripMs } = this.peer;
    const waitMs = (this.hasAnswered ? roundTripMs : delayMs) * this.latency;
    if (waitMs === 0) return work();
    setTimeout(() => {
      this.hasAnswered = true;
      if (!this.socket.destroyed) work();
    }, waitMs).unref();
  }

  messages(commands: readonly HandshakeCommand[], changes?: Partial<VersionInfo>): Buffer {
    const { remoteAddress = "::", remotePort = 0 } = this.socket;
    const handshake = changes
      ? new HandshakeBytes({ ...this.peer.versionInfo, ...changes }, remoteAddress, commands)
      : handshakeBytesFor(this.peer, remoteAddress, commands);
    return handshake.stamped(remotePort);
  }

  write(bytes: Uint8Array): void {
    const { transport } = this;
    if (!transport) return this.writeRaw(bytes);
    for (const { command, payload } of packetsIn(bytes)) transport.send(command, payload);
    this.writeRaw(transport.takeOutput());
  }

  sendDecoy(contents: Uint8Array): void {
    this.transport!.sendDecoy(contents);
    this.writeRaw(this.transport!.takeOutput());
  }

  writeRaw(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  writeSlowly(chunks: readonly Uint8Array[], intervalMs: number): void {
    const unsent = [...chunks];
    const writeNext = () => {
      const chunk = unsent.shift();
      if (chunk) this.socket.write(chunk);
      else clearInterval(timer);
    };
    const timer = setInterval(writeNext, intervalMs).unref();
    this.socket.once("close", () => clearInterval(timer));
    writeNext();
  }

  end(bytes: Uint8Array): void {
    this.socket.end(bytes);
  }

  hangUp(): void {
    this.socket.destroy();
  }

  private onData(chunk: Buffer): void {
    const isFirst = !this.versionReceived && !this.transport && this.reader.missing === HEADER_LENGTH;
    if (isFirst && chunk.equals(lastValidVersion.bytes)) return this.onVersion(lastValidVersion.version);
    if (isFirst && this.behaviour.v2 && hasV2Bit(this.peer.versionInfo)) {
      this.transport = new Transport("responder", { keyPair: keys.take(), garbage: someGarbage() });
    }
    try {
      if (this.transport) this.readEither(this.transport, chunk);
      else this.read(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.hangUp();
    }
  }

  /**
   * Receives the packets that `chunk` completes. The reader gets no more than it lacks of one header or
   * payload, so after a header `missing` is the length that it announces.
   */
  private read(chunk: Buffer): void {
    for (let start = 0; start < chunk.length && !this.socket.destroyed;) {
      const end = start + this.reader.missing;
      this.reader.add(chunk.subarray(start, end));
      start = end;
      const packet = this.reader.next();
      if (packet) this.receive(packet);
      else if (this.reader.missing > MAX_HELD) this.hangUp();
    }
  }

  /** Receives the messages that `chunk` completes, in v1 or v2: the caller's first bytes say which. */
  private readEither(transport: Transport, chunk: Buffer): void {
    this.unread += chunk.length;
    transport.add(chunk);
    while (!this.socket.destroyed) {
      const packet = transport.next();
      if (transport.sessionId && !this.keyAnswered) this.answerKey(transport.takeOutput());
      if (!packet) break;
      this.unread = 0;
      this.receive(packet);
    }
    if (this.unread > MAX_HELD) this.hangUp();
  }

  private answerKey(handshake: Uint8Array): void {
    this.keyAnswered = true;
    const { onKey } = this.behaviour.v2!;
    if (onKey) onKey(this, handshake);
    else this.afterDelay(() => this.writeRaw(handshake));
  }

  private receive({ command, payload }: Packet): void {
    if (!this.versionReceived) {
      if (command !== "version") return this.hangUp();
      const version = new ByteReader(payload).readInt32LE("protocol version");
      lastValidVersion = { bytes: Buffer.from(serializePacket(command, payload)), version };
      this.onVersion(version);
    } else if (this.behaviour.outcome === "version") {
      this.reply(command, payload);
    }
  }

  /** Answers a message after the handshake, if the peer is one that completes handshakes. */
  private reply(command: string, payload: Uint8Array): void {
    if (command === "ping") this.write(serializePacket("pong", payload));
    if (command === "verack") this.handshakeOver = true;
    if (command === "sendaddrv2") this.onSendAddrV2();
    if (command !== "getaddr" || this.addressesRequested) return;
    this.addressesRequested = true;
    this.afterDelay(() => this.books && this.write(this.addressesOf(this.books)));
  }

  /** Hangs up on callers that say it after verack, as Bitcoin Core does. Older software does not know it. */
  private onSendAddrV2(): void {
    if (this.peer.versionInfo.version < ADDRV2_VERSION) return;
    if (this.handshakeOver) return this.hangUp();
    this.readsAddrV2 = true;
  }

  private addressesOf(books: AddressBooks): Uint8Array {
    return this.readsAddrV2 ? books.addrV2PacketOf(this.peer) : books.addrPacketOf(this.peer);
  }

  private onVersion(version: number): void {
    this.versionReceived = true;
    this.callerVersion = version;
    const { onVersion, v2 } = this.behaviour;
    const inV2 = this.transport?.protocol === "v2" ? v2?.onVersion : undefined;
    (inV2 ?? onVersion)?.(this);
  }
}

/**
 * Returns garbage of an honest peer, shorter than allowed: with it all that a handshake sends is less than a caller
 * reads.
 */
function someGarbage(): Uint8Array {
  return randomBytes(randomInt(1024));
}

/** Returns the packets of a peer that sends well-formed ones. */
function packetsIn(bytes: Uint8Array): Packet[] {
  const reader = new PacketReader();
  const packets: Packet[] = [];
  reader.add(bytes);
  for (let packet = reader.next(); packet; packet = reader.next()) packets.push(packet);
  return packets;
}
