/**
 * One connection to one peer, as the peer sees it.
 *
 *  1. somebody connects: the manner may greet
 *  2. their first message must be a version message; anything else, and the peer hangs up
 *  3. the manner answers, after the peer's delay
 *  4. pings and the first getaddr are answered, all else is read and dropped, until they go or half a minute is quiet
 *
 * Callers may send anything: no more than `MAX_HELD` bytes of it are kept.
 */
import type { Socket } from "node:net";
import { ByteReader } from "../../wire/bytes";
import { ProtocolError } from "../../wire/errors";
import { HEADER_LENGTH, Packet } from "../../wire/packet";
import { PacketReader } from "../../wire/packet-reader";
import type { AddressBooks } from "./address-books";
import type { Behaviour, Session } from "./behaviour";
import { HandshakeBytes, handshakeBytesFor, type HandshakeCommand } from "./handshake-bytes";
import type { VersionInfo, SessionPeer } from "./version-info";

const IDLE_MS = 30_000;
/** Longer than any message that a caller who wants a version message has reason to send. */
const MAX_HELD = 64 * 1024;

/** The last version message that was found to be right, and its protocol version: most callers send the same bytes to everybody. */
let lastValidVersion = { bytes: Buffer.alloc(0), version: 0 };

export class PeerSession implements Session {
  private readonly reader = new PacketReader();
  private versionReceived = false;
  private askedForAddresses = false;
  /** The caller's protocol version, once they have introduced themselves. */
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
    socket.on("data", (chunk: Buffer) => this.onData(chunk));
    this.behaviour.onConnect?.(this);
  }

  /** Does `work` when the peer's delay has passed, unless the caller has gone by then. */
  afterDelay(work: () => void): void {
    const delayMs = this.peer.delayMs * this.latency;
    if (delayMs === 0) return work();
    setTimeout(() => {
      if (!this.socket.destroyed) work();
    }, delayMs).unref();
  }

  /** The peer's messages to this caller, its version message first; `changes` are what it says otherwise than usual. */
  messages(commands: readonly HandshakeCommand[], changes?: Partial<VersionInfo>): Buffer {
    const { remoteAddress = "::", remotePort = 0 } = this.socket;
    const answer = changes
      ? new HandshakeBytes({ ...this.peer.versionInfo, ...changes }, remoteAddress, commands)
      : handshakeBytesFor(this.peer, remoteAddress, commands);
    return answer.stamped(remotePort);
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Sends piece after piece, with so many milliseconds between two, until that was all or the caller has gone. */
  writeSlowly(pieces: readonly Uint8Array[], everyMs: number): void {
    const left = [...pieces];
    const next = () => {
      const piece = left.shift();
      if (piece) this.socket.write(piece);
      else clearInterval(timer);
    };
    const timer = setInterval(next, everyMs).unref();
    this.socket.once("close", () => clearInterval(timer));
    next();
  }

  /** Says one last thing and hangs up. */
  end(bytes: Uint8Array): void {
    this.socket.end(bytes);
  }

  hangUp(): void {
    this.socket.destroy();
  }

  private onData(chunk: Buffer): void {
    if (!this.versionReceived && chunk.equals(lastValidVersion.bytes))
      return this.onVersion(lastValidVersion.version);
    try {
      this.reader.add(chunk);
      for (let packet = this.reader.next(); packet; packet = this.reader.next()) this.receive(packet, chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return this.hangUp();
    }
    if (this.reader.missing > MAX_HELD) this.hangUp();
  }

  private receive({ command, payload }: Packet, chunk: Buffer): void {
    if (!this.versionReceived) {
      if (command !== "version") return this.hangUp();
      const version = new ByteReader(payload).readInt32LE("protocol version");
      if (chunk.length === HEADER_LENGTH + payload.length)
        lastValidVersion = { bytes: Buffer.from(chunk), version };
      this.onVersion(version);
    } else if (this.behaviour.outcome === "version") {
      this.reply(command, payload);
    }
  }

  /** What a peer that does introduce itself has to say to other messages. */
  private reply(command: string, payload: Uint8Array): void {
    if (command === "ping") this.socket.write(new Packet("pong", payload).toBytes());
    if (command !== "getaddr" || this.askedForAddresses) return;
    this.askedForAddresses = true;
    this.afterDelay(() => this.books && this.socket.write(this.books.answerOf(this.peer)));
  }

  private onVersion(version: number): void {
    this.versionReceived = true;
    this.callerVersion = version;
    this.behaviour.onVersion?.(this);
  }
}
