/**
 * One visit of a crawl: what `visit` (peer/handshake.ts) does, written with callbacks. A crawl makes
 * thousands at a time, so a connection has no promise, no timer and no read buffer of its own.
 *
 *  1. connect
 *  2. send `OUR_VERSION`, or what begins an encrypted connection
 *  3. read packets until one is a version message
 *  4. close the socket, whatever happened, and report the visit
 */
import net, { isIP } from "node:net";
import type { AddressTuple } from "../peer/address";
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "../peer/errors";
import { PacketReader } from "../wire/packet-reader";
import { noDnsLookup, toPeerError } from "../peer/connect";
import { now } from "../util/clock";
import { type KeyPool } from "../transport/key-pool";
import { Transport } from "../transport/transport";
import { OUR_VERSION, OUR_VERSION_MESSAGE, VersionMessage } from "../wire/version-message";
import type { Visit } from "../peer/visit";
import { ProtocolError } from "../wire/errors";

/** What a connection needs of the crawl that opens it. */
export interface ConnectionListener {
  /** All connections read into it, one after the other. */
  readonly readBuffer: Uint8Array;
  /** Key pairs for connections that speak v2. */
  readonly keys: KeyPool;
  /**
   * Called when the peer gets its time to answer: when the socket is connected and our first bytes are sent,
   * and in v2 again when our version message is, which takes another round trip.
   */
  onSent(connection: Connection): void;
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
const OUR_VERSION_PAYLOAD = OUR_VERSION_MESSAGE.toBytes();

/** What a connection is to be, besides its address. */
export interface ConnectionOptions {
  transport: "v1" | "v2";
  /** When the visit started, if another connection came before this one; by default now. */
  startedAt?: number;
}

export class Connection {
  readonly visit: Visit;
  private readonly socket: net.Socket;
  private reader: PacketReader | Transport = new PacketReader();
  private bytesReceived = 0;

  constructor(
    private readonly listener: ConnectionListener,
    address: AddressTuple,
    private readonly options: ConnectionOptions,
  ) {
    this.visit = { address, startedAt: options.startedAt ?? now(), endedAt: NaN };
    this.socket = new net.Socket(this.socketOptions());
    this.socket.on("connect", () => this.onConnect());
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
  private socketOptions(): net.SocketConstructorOpts {
    const onread: net.OnReadOpts = {
      buffer: this.listener.readBuffer,
      callback: (length, bytes) => this.onData(bytes.subarray(0, length)),
    };
    return { onread } as net.SocketConstructorOpts;
  }

  private onConnect(): void {
    if (this.socket.destroyed) return;
    this.visit.connectedAt = now();
    this.visit.transport = this.options.transport;
    this.socket.write(this.visit.transport === "v2" ? this.encrypt() : OUR_VERSION_BUFFER);
    this.visit.sentAt = now();
    this.listener.onSent(this);
  }

  /** Prepares for v2, and returns the first bytes to send: our key, and garbage. */
  private encrypt(): Uint8Array {
    const transport = new Transport("initiator", { keyPair: this.listener.keys.take() });
    transport.send("version", OUR_VERSION_PAYLOAD);
    this.reader = transport;
    return transport.takeOutput();
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
      // A node that spoke first, in v1, did not wait for what we speak.
      if (this.reader instanceof Transport) this.visit.transport = this.reader.protocol;
      return this.close();
    }
    this.answer();
    if (this.bytesReceived > MAX_BYTES_BEFORE_VERSION) {
      const message = `expected a version message within ${MAX_BYTES_BEFORE_VERSION} bytes, got ${this.bytesReceived} without one`;
      throw new ProtocolError("OVERSIZED", message);
    }
    this.reader.keep();
  }

  /** Sends what v2 sends when the peer's key has arrived: our version message is in it. */
  private answer(): void {
    const output = this.reader instanceof Transport ? this.reader.takeOutput() : undefined;
    if (!output?.length) return;
    this.socket.write(output);
    this.listener.onSent(this);
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
