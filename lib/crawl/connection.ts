/**
 * One visit of a crawl: what `visit` (peer/handshake.ts) does, written with callbacks. A crawl makes
 * thousands at a time, so a connection has no promise, no timer and no read buffer of its own.
 *
 *  1. connect; or connect to a proxy, ask it to connect to the peer, and wait until it says that it has
 *  2. send our version message, or what begins an encrypted connection
 *  3. read packets until one is a version message
 *  4. in a crawl that asks: send sendaddrv2 to peers that may know it, verack and getaddr; read packets until
 *     the answer is over
 *  5. close the socket, whatever happened, and report the visit
 */
import net, { isIP } from "node:net";
import type { AddressTuple } from "../peer/address";
import { AddressAnswer } from "../peer/address-answer";
import { questionFor } from "../peer/address-question";
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "../peer/errors";
import { PacketReader } from "../wire/packet-reader";
import { noDnsLookup, toPeerError } from "../peer/connect";
import { lateProxy, type Proxy, proxyError, tunnelTo } from "../peer/proxy";
import type { SocksClient } from "../socks/client";
import { now } from "../util/clock";
import { type KeyPool } from "../transport/key-pool";
import { Transport } from "../transport/transport";
import type { IsWanted, KnownAddress } from "../wire/addr";
import { HEADER_LENGTH, type Packet } from "../wire/packet";
import { VersionMessage } from "../wire/version-message";
import type { GossipOutcome, Visit } from "../peer/visit";
import { ProtocolError } from "../wire/errors";

type Message = Pick<Packet, "command" | "payload">;

/** Whoever wants the addresses that peers know. */
export interface GossipListener {
  /** Tells which addresses to read at all: a crawl hears of each of them hundreds of times. */
  readonly isWanted: IsWanted;
  /** Called with the wanted addresses of each message, when it arrives. */
  onAddresses(addresses: readonly KnownAddress[]): void;
}

/** What a connection needs of the crawl that opens it. */
export interface ConnectionListener {
  /** The packet with our version message. */
  readonly greeting: Buffer;
  /** The protocol version in it. */
  readonly version: number;
  /** If given, peers are asked for addresses after their version message. */
  readonly gossip: GossipListener | undefined;
  /** Called with the peer's version message, in a crawl that asks: `ask` is to be called, at once or later. */
  onVersion(connection: Connection): void;
  /** Called when there is an answer, and again for each further part of it. */
  onAnswer(connection: Connection): void;
  /** All connections read into it, one after the other. */
  readonly readBuffer: Uint8Array;
  /** Key pairs for connections that speak v2. */
  readonly keys: KeyPool;
  /**
   * Called when the peer gets its time to answer: when the socket is connected and our first bytes are sent, in
   * v2 again when our version message is, which takes another round trip, and again when it was asked for
   * addresses.
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
/** Bytes a peer may send from then on: 1000 addresses of the longest kind are half as much. */
const MAX_BYTES_OF_ANSWER = 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** What a connection is to be, besides its address. */
export interface ConnectionOptions {
  transport: "v1" | "v2";
  /** When the visit started, if another connection came before this one; by default now. */
  startedAt?: number;
  /** Who is asked to connect, if this computer does not do so itself. */
  proxy?: Proxy;
}

export class Connection {
  readonly visit: Visit;
  private readonly socket: net.Socket;
  /** Set until a proxy has connected to the peer. */
  private tunnel: SocksClient | undefined;
  /** Whether there has been a connection to the proxy. */
  private isProxyThere = false;
  private reader: PacketReader | Transport = new PacketReader();
  private bytesReceived = 0;
  /** Set when the peer has been asked for addresses. */
  private answer: AddressAnswer | undefined;
  private isOver = false;

  constructor(
    private readonly listener: ConnectionListener,
    address: AddressTuple,
    private readonly options: ConnectionOptions,
  ) {
    this.visit = { address, startedAt: options.startedAt ?? now(), endedAt: NaN };
    this.tunnel = options.proxy && tunnelTo(address, options.proxy);
    this.socket = new net.Socket(this.socketOptions());
    this.socket.on("connect", () => (this.tunnel ? this.onProxy(this.tunnel) : this.onConnect()));
    this.socket.on("end", () => this.fail(new PeerError("CLOSED", PEER_ERRORS.CLOSED)));
    this.socket.on("error", (error) => this.fail(error));
  }

  /** Starts to connect. */
  start(): void {
    const { proxy } = this.options;
    const [host, port] = proxy?.address ?? this.visit.address;
    try {
      if (!proxy && isIP(host) === 0) noDnsLookup(host, {}, (error) => this.fail(error));
      else this.socket.connect({ host, port });
    } catch (error) {
      this.fail(error); // `connect` throws for a port above 65,535
    }
  }

  /** Asks the peer, which has sent its version message, for addresses. */
  ask(): void {
    this.socket.write(this.question());
    this.listener.onSent(this);
  }

  /** Ends the visit with an error: `timeoutMs` have passed since the start, or since the connection. */
  timeOut(timeoutMs: number): void {
    if (this.tunnel && !this.tunnel.isAsking) return this.fail(lateProxy(this.isProxyThere, timeoutMs));
    const code: PeerErrorCode = this.visit.connectedAt === undefined ? "CONNECT_TIMEOUT" : "ANSWER_TIMEOUT";
    this.fail(new PeerError(code, `${PEER_ERRORS[code]} (${timeoutMs} ms)`));
  }

  /** Ends the visit: no more parts of the peer's answer have come. */
  endAnswer(): void {
    if (!this.isOver) this.finishAsking("SILENT");
  }

  /** Closes the socket without a call of `onClose`. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Returns the socket's options. Its constructor takes `onread`, but its types have it at `connect` only. */
  private socketOptions(): net.SocketConstructorOpts {
    const onread: net.OnReadOpts = {
      buffer: this.listener.readBuffer,
      callback: (length, bytes) => this.onData(bytes.subarray(0, length)),
    };
    return { onread } as net.SocketConstructorOpts;
  }

  private onProxy(tunnel: SocksClient): void {
    if (this.socket.destroyed) return;
    this.isProxyThere = true;
    this.socket.write(tunnel.takeOutput());
  }

  private onConnect(): void {
    if (this.socket.destroyed) return;
    this.visit.connectedAt = now();
    this.visit.transport = this.options.transport;
    this.socket.write(this.visit.transport === "v2" ? this.encrypt() : this.listener.greeting);
    this.visit.sentAt = now();
    this.listener.onSent(this);
  }

  /** Prepares for v2, and returns the first bytes to send: our key, and garbage. */
  private encrypt(): Uint8Array {
    const transport = new Transport("initiator", { keyPair: this.listener.keys.take() });
    transport.send("version", this.listener.greeting.subarray(HEADER_LENGTH));
    this.reader = transport;
    return transport.takeOutput();
  }

  /** Returns whether the socket should go on reading. */
  private onData(bytes: Uint8Array): boolean {
    if (this.socket.destroyed) return false;
    try {
      const ofPeer = this.tunnel ? this.readProxy(this.tunnel, bytes) : bytes;
      if (ofPeer.length > 0) this.receive(ofPeer);
    } catch (error) {
      this.fail(error);
    }
    return !this.socket.destroyed;
  }

  /** Takes bytes of the proxy, answers them, and returns those after them, which are the peer's. */
  private readProxy(tunnel: SocksClient, bytes: Uint8Array): Uint8Array {
    tunnel.add(bytes);
    const output = tunnel.takeOutput();
    if (output.length > 0) this.socket.write(output);
    if (!tunnel.isOver) return NOTHING;
    this.tunnel = undefined;
    this.onConnect();
    return tunnel.takeRest();
  }

  private receive(bytes: Uint8Array): void {
    this.visit.firstByteAt ??= now();
    this.bytesReceived += bytes.length;
    this.read(bytes);
  }

  private read(bytes: Uint8Array): void {
    this.reader.add(bytes);
    for (let packet = this.reader.next(); packet && !this.isOver; packet = this.reader.next()) {
      if (this.answer) this.readAnswer(packet, this.answer);
      else if (packet.command === "version") this.readVersion(packet);
    }
    if (this.isOver) return;
    if (!this.answer) this.sendOutput();
    this.requireFewBytes();
    this.reader.keep();
  }

  /** Sends what v2 sends when the peer's key has arrived: our version message is in it. */
  private sendOutput(): void {
    const output = this.reader instanceof Transport ? this.reader.takeOutput() : undefined;
    if (!output?.length) return;
    this.socket.write(output);
    this.listener.onSent(this);
  }

  private readVersion({ payload }: Message): void {
    this.visit.versionMessage = VersionMessage.fromBytes(payload);
    // A node that spoke first, in v1, did not wait for what we speak.
    if (this.reader instanceof Transport) this.visit.transport = this.reader.protocol;
    if (!this.listener.gossip) return this.close();
    this.answer = new AddressAnswer(this.visit.address);
    this.bytesReceived = 0;
    this.listener.onVersion(this);
  }

  /** Returns the bytes that ask for addresses. */
  private question(): Uint8Array {
    const { version } = this.visit.versionMessage!;
    const { commands, packets } = questionFor(Math.min(version, this.listener.version));
    if (!(this.reader instanceof Transport)) return packets;
    for (const command of commands) this.reader.send(command);
    return this.reader.takeOutput();
  }

  private readAnswer(packet: Message, answer: AddressAnswer): void {
    const { isWanted, onAddresses } = this.listener.gossip!;
    const addresses = answer.read(packet, isWanted);
    if (addresses.length > 0) onAddresses(addresses);
    if (answer.isComplete) this.endAnswer();
    else if (answer.isEnough && packet.command.startsWith("addr")) this.listener.onAnswer(this);
  }

  private requireFewBytes(): void {
    const [most, what] = this.answer
      ? [MAX_BYTES_OF_ANSWER, "the end of an answer"]
      : [MAX_BYTES_BEFORE_VERSION, "a version message"];
    if (this.bytesReceived <= most) return;
    const message = `expected ${what} within ${most} bytes, got ${this.bytesReceived} without one`;
    throw new ProtocolError("OVERSIZED", message);
  }

  /** Ends the visit with an error, or with what came of asking if the peer has sent its version message. */
  private fail(error: unknown): void {
    if (this.isOver) return;
    const reason = this.tunnel ? proxyError(error, this.isProxyThere) : toPeerError(error);
    if (!this.answer || reason.code === undefined) {
      this.visit.error = reason; // without a code it is a bug in the program
      this.close();
    } else if (reason instanceof ProtocolError) this.finishAsking("MALFORMED");
    else this.finishAsking(reason.code === "ANSWER_TIMEOUT" ? "SILENT" : "HUNG_UP");
  }

  /** Ends the visit to a peer that was asked. `otherwise` is what came of it if no message did. */
  private finishAsking(otherwise: GossipOutcome): void {
    const { count, outcome = otherwise } = this.answer!;
    this.visit.told = count;
    this.visit.gossip = otherwise === "MALFORMED" ? otherwise : outcome;
    this.close();
  }

  private close(): void {
    this.isOver = true;
    this.visit.endedAt = now();
    this.socket.destroy();
    this.listener.onClose(this);
  }
}
