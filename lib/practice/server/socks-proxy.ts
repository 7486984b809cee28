/**
 * A proxy of the practice network: behind one are its nodes of Tor, behind another those of I2P.
 *
 *  1. a client says hello, and asks to connect to a name
 *  2. after a while, as long as Tor or I2P would take, the proxy replies that it has connected, or why it has not
 *  3. from then on the connection is the node's
 *
 * The proxy is not connected to anything: who asks for a node talks to it where it stands. Names that it does not
 * know are nobody's, and IP addresses and other names it refuses, so nothing leads out of this computer.
 */
import { once } from "node:events";
import net from "node:net";
import { CONNECT, HOST_TYPES } from "../../socks/messages";
import { SUCCEEDED } from "../../socks/replies";
import { replyMessage, SocksServer, type SocksRequest } from "../../socks/server";
import type { OverlayPeer } from "../population/nodes";
import { closerOf } from "./close-server";

/** A proxy that is up. */
export interface SocksProxy {
  /** `socks5://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

interface ProxySettings {
  network: OverlayPeer["network"];
  peers: readonly OverlayPeer[];
  /** Factor of all delays. */
  latency: number;
  /** Takes over a client's connection: the node speaks from then on. */
  accept: (peer: OverlayPeer, socket: net.Socket) => void;
}

const HOST = "127.0.0.1";
/** Clients at a time, at most. Others are hung up on. */
const MAX_CLIENTS = 4096;
/** Time for a client to go on with its handshake, in milliseconds: readers of lesson nine speak it by hand. */
const HANDSHAKE_MS = 10 * 60_000;
/** Milliseconds until the proxy gives up on a name that is nobody's, at latency factor 1. */
const NOBODY_MS = 8000;

/** Replies that are no success: socks/replies.ts. */
const NOT_ALLOWED = 0x02;
const HOST_UNREACHABLE = 0x04;
const COMMAND_NOT_SUPPORTED = 0x07;
const ONION_NOT_FOUND = 0xf0;
const BAD_ONION_NAME = 0xf6;

/** The names of each network, and what a proxy replies for one that is nobody's. */
const NAMES = {
  tor: { suffix: ".onion", whole: /^([a-z2-7-]+\.)*[a-z2-7]{56}\.onion$/, nobody: ONION_NOT_FOUND },
  i2p: { suffix: ".i2p", whole: /\.i2p$/, nobody: HOST_UNREACHABLE },
};

/** Starts a proxy on a free port of 127.0.0.1. */
export async function serveProxy(settings: ProxySettings): Promise<SocksProxy> {
  const peers = new Map(settings.peers.map((peer) => [peer.host, peer]));
  const server = net.createServer({ noDelay: true }, (socket) => void new Client(socket, settings, peers));
  const close = closerOf(server);
  server.maxConnections = MAX_CLIENTS;
  server.listen({ host: HOST, port: 0, backlog: MAX_CLIENTS });
  await once(server, "listening");
  server.on("error", () => {}); // without a free file descriptor a connection cannot be accepted
  return {
    url: `socks5://${HOST}:${(server.address() as net.AddressInfo).port}`,
    close,
  };
}

/** A client, until it has been connected. */
class Client {
  private readonly dialogue = new SocksServer();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: net.Socket,
    private readonly settings: ProxySettings,
    private readonly peers: ReadonlyMap<string, OverlayPeer>,
  ) {
    socket.setTimeout(HANDSHAKE_MS, this.hangUp);
    socket.on("error", this.hangUp);
    socket.on("close", () => clearTimeout(this.timer));
    socket.on("data", this.onData);
  }

  private readonly hangUp = (): void => void this.socket.destroy();

  private readonly onData = (bytes: Buffer): void => {
    try {
      this.dialogue.add(bytes);
    } catch {
      this.socket.off("data", this.onData).resume();
      this.socket.end(this.dialogue.takeOutput()); // it is empty for those who speak something else
      return;
    }
    this.socket.write(this.dialogue.takeOutput());
    const { request } = this.dialogue;
    if (request) this.answer(request);
  };

  private answer(request: SocksRequest): void {
    this.socket.off("data", this.onData);
    this.socket.pause(); // what a client sends too early waits for the node
    this.socket.setTimeout(0);
    const refusal = this.refusalOf(request);
    if (refusal !== undefined) return this.refuse(refusal);
    const { network, latency } = this.settings;
    const named = this.peers.get(request.host.toLowerCase());
    const peer = named?.port === request.port ? named : undefined;
    this.timer = setTimeout(
      () => {
        if (peer?.reply === SUCCEEDED) this.connect(peer);
        else this.refuse(peer?.reply ?? NAMES[network].nobody);
      },
      (peer?.connectMs ?? NOBODY_MS) * latency,
    );
  }

  /** Returns the reply to a request that the proxy does not try, and undefined for one that it does. */
  private refusalOf({ command, hostType, host }: SocksRequest): number | undefined {
    const { suffix, whole } = NAMES[this.settings.network];
    if (command !== CONNECT) return COMMAND_NOT_SUPPORTED;
    if (hostType !== HOST_TYPES.name || !host.toLowerCase().endsWith(suffix)) return NOT_ALLOWED;
    return whole.test(host.toLowerCase()) ? undefined : BAD_ONION_NAME;
  }

  private refuse(reply: number): void {
    this.socket.end(replyMessage(reply));
    this.socket.resume();
  }

  private connect(peer: OverlayPeer): void {
    const { socket } = this;
    socket.off("error", this.hangUp);
    socket.write(replyMessage(SUCCEEDED));
    const early = this.dialogue.takeRest();
    this.settings.accept(peer, socket);
    if (early.length > 0) socket.unshift(early);
    socket.resume();
  }
}
