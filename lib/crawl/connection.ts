/**
 * One visit of a crawl: what `visit` (peer/handshake.ts) does, written with callbacks. A crawl makes
 * thousands at a time, so a connection has no promise, no timer and no read buffer of its own.
 *
 *  1. connect
 *  2. send `OUR_VERSION`
 *  3. read packets until one is a version message
 *  4. close the socket, whatever happened, and report the visit
 */
import net, { isIP } from "node:net";
import type { AddressTuple } from "../peer/address";
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "../peer/errors";
import { PacketReader } from "../wire/packet-reader";
import { noDnsLookup, toPeerError } from "../peer/connect";
import { now } from "../util/clock";
import { OUR_VERSION, VersionMessage } from "../wire/version-message";
import type { Visit } from "../peer/visit";
import { ProtocolError } from "../wire/errors";

/** What a connection needs of the crawl that opens it. */
export interface ConnectionListener {
  /** All connections read into it, one after the other. */
  readonly readBuffer: Uint8Array;
  /** Called when the socket is connected and our version message is sent. */
  onConnect(connection: Connection): void;
  /** Called when the socket is closed, and the visit has a version message or an error. */
  onClose(connection: Connection): void;
}

/**
 * Bytes a peer may send before its version message. No honest peer sends that many, and a thousand peers
 * may be sending at once.
 */
const MAX_BYTES_BEFORE_VERSION = 128 * 1024;

/** `OUR_VERSION` as a Buffer: a socket copies any other array into a Buffer at each write. */
const OUR_VERSION_BUFFER = Buffer.from(OUR_VERSION);

export class Connection {
  readonly visit: Visit;
  private readonly socket: net.Socket;
  private readonly reader = new PacketReader();
  private bytesReceived = 0;

  constructor(
    private readonly listener: ConnectionListener,
    address: AddressTuple,
  ) {
    this.visit = { address, startedAt: now(), endedAt: NaN };
    this.socket = new net.Socket(this.options());
    this.socket.on("connect", () => this.sendVersion());
    this.socket.on("end", () => this.fail(new PeerError("CLOSED", PEER_ERRORS.CLOSED)));
    this.socket.on("error", (error) => this.fail(error));
  }

  /** Starts to connect. */
  start(): void {
    const [host, port] = this.visit.address;
    try {
      if (isIP(host) === 0) noDnsLookup(host, {}, (error) => this.fail(error));
      else this.socket.connect({ host, port });
    } catch (error) {
      this.fail(error); // `connect` throws for a port above 65,535
    }
  }

  /** Ends the visit with an error: `timeoutMs` have passed since the start, or since the connection. */
  timeOut(timeoutMs: number): void {
    const code: PeerErrorCode = this.visit.connectedAt === undefined ? "CONNECT_TIMEOUT" : "ANSWER_TIMEOUT";
    this.fail(new PeerError(code, `${PEER_ERRORS[code]} (${timeoutMs} ms)`));
  }

  /** Closes the socket without a call of `onClose`. */
  destroy(): void {
    this.socket.destroy();
  }

  /** The constructor of a socket takes `onread`, but its types have it at `connect` only. */
  private options(): net.SocketConstructorOpts {
    const onread: net.OnReadOpts = {
      buffer: this.listener.readBuffer,
      callback: (length, bytes) => this.onData(bytes.subarray(0, length)),
    };
    return { onread } as net.SocketConstructorOpts;
  }

  private sendVersion(): void {
    if (this.socket.destroyed) return;
    this.visit.connectedAt = now();
    this.socket.write(OUR_VERSION_BUFFER);
    this.visit.sentAt = now();
    this.listener.onConnect(this);
  }

  /** Returns whether the socket should go on reading. */
  private onData(bytes: Uint8Array): boolean {
    if (this.socket.destroyed) return false;
    this.visit.firstByteAt ??= now();
    this.bytesReceived += bytes.length;
    try {
      this.read(bytes);
    } catch (error) {
      this.fail(error);
    }
    return !this.socket.destroyed;
  }

  private read(bytes: Uint8Array): void {
    this.reader.add(bytes);
    for (let packet = this.reader.next(); packet; packet = this.reader.next()) {
      if (packet.command !== "version") continue;
      this.visit.versionMessage = VersionMessage.fromBytes(packet.payload);
      return this.close();
    }
    if (this.bytesReceived > MAX_BYTES_BEFORE_VERSION) {
      const message = `expected a version message within ${MAX_BYTES_BEFORE_VERSION} bytes, got ${this.bytesReceived} without one`;
      throw new ProtocolError("OVERSIZED", message);
    }
    this.reader.keep();
  }

  private fail(error: unknown): void {
    if (this.visit.error || this.visit.versionMessage) return;
    this.visit.error = toPeerError(error);
    this.close();
  }

  private close(): void {
    this.visit.endedAt = now();
    this.socket.destroy();
    this.listener.onClose(this);
  }
}
