/**
 * One visit as a crawl makes it: the conversation of peer.ts in callbacks, without a promise, a timer
 * or memory to read into of its own, since there may be thousands at a time.
 *
 *  1. connect
 *  2. send `OUR_VERSION`
 *  3. read packets until one is a version message
 *  4. close the socket, whatever happened, and hand over the visit
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

/** What a call needs of the crawl that makes it. */
export interface ConnectionListener {
  /** Where all calls read into, one after the other. */
  readonly buffer: Uint8Array;
  /** The connection is there: from now on the time for an answer counts. */
  connected(call: Connection): void;
  /** The call is over: its socket is closed, and its visit has a version message or an error. */
  closed(call: Connection): void;
}

/** How much is heard before a version message, in bytes. Nobody who has something to say needs as much, and a thousand may say it at a time. */
const MAX_BYTES_BEFORE_VERSION = 128 * 1024;

/** `OUR_VERSION` as a Buffer: of any other array a socket makes one, each time. */
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

  /** Begins to connect. */
  start(): void {
    const [host, port] = this.visit.address;
    try {
      if (isIP(host) === 0) noDnsLookup(host, {}, (error) => this.fail(error));
      else this.socket.connect({ host, port });
    } catch (error) {
      this.fail(error); // no such port
    }
  }

  /** The option is the constructor's; its types have it at `connect`, which does without a constructor's. */
  private options(): net.SocketConstructorOpts {
    const onread: net.OnReadOpts = {
      buffer: this.listener.buffer,
      callback: (length, bytes) => this.onData(bytes.subarray(0, length)),
    };
    return { onread } as net.SocketConstructorOpts;
  }

  /** Gives up: `timeoutMs` have passed since the connection was asked for, or was there. */
  timeOut(timeoutMs: number): void {
    const code: PeerErrorCode = this.visit.connectedAt === undefined ? "CONNECT_TIMEOUT" : "ANSWER_TIMEOUT";
    this.fail(new PeerError(code, `${PEER_ERRORS[code]} (${timeoutMs} ms)`));
  }

  /** Closes the socket and hands over nothing. */
  destroy(): void {
    this.socket.destroy();
  }

  private sendVersion(): void {
    if (this.socket.destroyed) return;
    this.visit.connectedAt = now();
    this.socket.write(OUR_VERSION_BUFFER);
    this.visit.sentAt = now();
    this.listener.connected(this);
  }

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
      if (packet.command === "version") return this.succeed(VersionMessage.fromBytes(packet.payload));
    }
    if (this.bytesReceived > MAX_BYTES_BEFORE_VERSION) {
      const message = `expected a version message within ${MAX_BYTES_BEFORE_VERSION} bytes, got ${this.bytesReceived} without one`;
      throw new ProtocolError("OVERSIZED", message);
    }
    this.reader.keep();
  }

  private succeed(versionMessage: VersionMessage): void {
    this.visit.versionMessage = versionMessage;
    this.end();
  }

  private fail(error: unknown): void {
    if (this.visit.error || this.visit.versionMessage) return;
    this.visit.error = toPeerError(error);
    this.end();
  }

  private end(): void {
    this.visit.endedAt = now();
    this.socket.destroy();
    this.listener.closed(this);
  }
}
