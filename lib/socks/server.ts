/** The proxy's side of SOCKS5, up to the client's request: what it does then is its server's. */
import { hostFromBytes } from "../wire/network-address";
import { Dialogue, type Steps } from "./dialogue";
import {
  type Credentials,
  CREDENTIALS_VERSION,
  HOST_TYPES,
  lengthOfHost,
  METHODS,
  requireVersion,
  SOCKS_VERSION,
} from "./messages";
import { SocksError } from "./replies";

/** What a client asks for. */
export interface SocksRequest {
  /** 1 to connect. */
  command: number;
  hostType: number;
  host: string;
  port: number;
}

export class SocksServer extends Dialogue {
  /** Set when the handshake is over. */
  request: SocksRequest | undefined;
  /** What the client has identified itself with, if it has. */
  credentials: Credentials | undefined;

  /** Asks for a name and a password if the client offers that, as Tor does, and accepts any. */
  protected override *converse(): Steps {
    requireVersion(yield 1);
    const [count] = yield 1;
    const methods = yield count;
    const method = [METHODS.credentials, METHODS.none].find((one) => methods.includes(one));
    this.send(Uint8Array.of(SOCKS_VERSION, method ?? METHODS.unacceptable));
    if (method === undefined) throw new SocksError("PROXY_AUTH", "the client offers no way to identify");
    if (method === METHODS.credentials) yield* this.identify();
    requireVersion(yield 1);
    const [command, , hostType] = yield 3;
    const bytes = yield yield* lengthOfHost(hostType);
    const host = hostType === HOST_TYPES.name ? Buffer.from(bytes).toString("latin1") : ipOf(bytes);
    const port = Buffer.from(yield 2).readUInt16BE();
    this.request = { command, hostType, host, port };
  }

  private *identify(): Steps {
    const [version, length] = yield 2;
    if (version !== CREDENTIALS_VERSION) throw new SocksError("PROXY_MALFORMED", "not a name and a password");
    const username = Buffer.from(yield length).toString("latin1");
    const password = Buffer.from(yield (yield 1)[0]).toString("latin1");
    this.credentials = { username, password };
    this.send(Uint8Array.of(CREDENTIALS_VERSION, 0));
  }
}

function ipOf(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join(".") : hostFromBytes(bytes);
}

/** Returns a reply. Where the proxy itself is connected from is not said, as Tor does. */
export function replyMessage(reply: number): Uint8Array {
  return Uint8Array.of(SOCKS_VERSION, reply, 0, HOST_TYPES.ipv4, 0, 0, 0, 0, 0, 0);
}
