/**
 * Proxies of Tor and I2P: what they are called by, whether one is there, and the errors of calls through one.
 *
 * A proxy is spoken to in SOCKS5 (socks/). It is given a node's name, and finds the node in its own network, so
 * no directory of the internet ever hears of that name (RFC 7686).
 */
import { createHash, randomBytes } from "node:crypto";
import net from "node:net";
import { SocksClient } from "../socks/client";
import type { Credentials } from "../socks/messages";
import { SocksError } from "../socks/replies";
import { unescaped } from "../util/unescaped";
import { printable } from "../wire/text";
import { addressString, type AddressTuple, nodeKey } from "./address";
import { toPeerError } from "./connect";
import { PEER_ERRORS, PeerError, type PeerErrorCode } from "./errors";

/** Where a SOCKS5 proxy listens, and what it wants to be told, if it wants anything. */
export interface Proxy {
  address: AddressTuple;
  /** If not given, each node gets its own: see `tunnelTo`. */
  credentials?: Credentials;
}

/** A proxy that cannot be used for any node. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
}

/**
 * Reads the address of a proxy: `socks5://127.0.0.1:9050`, or `socks5://name:password@127.0.0.1:9050`.
 *
 * `socks5h` is the same: it is curl's word for a proxy that is given names, as ours always are.
 *
 * @throws RangeError that shows `text` if it is not one, without a name and password.
 */
export function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSocks = url?.protocol === "socks5:" || url?.protocol === "socks5h:";
  const isPlain = url && ["", "/"].includes(url.pathname) && url.search === "" && url.hash === "";
  if (!isSocks || !isPlain || url.hostname === "" || !(Number(url.port) > 0)) {
    throw new RangeError(`expected a proxy like socks5://127.0.0.1:9050, got "${withoutPassword(text)}"`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return { address: [host, Number(url.port)], ...credentialsOf(url, text) };
}

function credentialsOf({ username, password }: URL, text: string): Pick<Proxy, "credentials"> {
  if (username === "" && password === "") return {};
  const given = { username: unescaped(username) ?? "", password: unescaped(password) ?? "" };
  const isFitting = Object.values(given).every((part) => part !== "" && Buffer.byteLength(part) <= 255);
  if (isFitting) return { credentials: given };
  throw new RangeError(
    `expected a name and a password of 1 to 255 bytes before the @, got "${withoutPassword(text)}"`,
  );
}

/** Returns the text of an address for a message: what is before its @ may be secret. */
function withoutPassword(text: string): string {
  return printable(text.replace(/^([\w+.-]*:\/\/)?.*@/s, "$1…@"));
}

/** Part of the name under which this process asks proxies, so that no other process shares its circuits. */
const session = randomBytes(8).toString("hex");

/**
 * Returns what asks a proxy to connect to a node.
 *
 * Each node has a name and a password of its own. Tor never puts two of these on one circuit (IsolateSOCKSAuth,
 * which is on by default), so no node's slowness or trouble is another's. A second call to the same node may use
 * the first one's circuit.
 */
export function tunnelTo(node: AddressTuple, { credentials = isolationOf(node) }: Proxy): SocksClient {
  return new SocksClient(node, credentials);
}

function isolationOf(node: AddressTuple): Credentials {
  return {
    username: `getting-to-know-each-other-${session}`,
    password: createHash("sha256").update(nodeKey(node)).digest("hex").slice(0, 32),
  };
}

/**
 * Returns the error of a call that a proxy has not connected yet.
 *
 * `isConnected` tells whether there was a connection to the proxy. Without one it is missing, unless this computer
 * is in trouble. A RangeError says that the address does not fit into a request.
 */
export function proxyError(error: unknown, isConnected: boolean): PeerError {
  if (error instanceof SocksError) {
    const { code, message } = error;
    return new PeerError(code, `${PEER_ERRORS[code]} (${message})`, { cause: error });
  }
  if (error instanceof PeerError) {
    return error.code === "CLOSED" ? new PeerError("PROXY_CLOSED", PEER_ERRORS.PROXY_CLOSED) : error;
  }
  if (error instanceof RangeError) {
    return new PeerError("UNREACHABLE", `${PEER_ERRORS.UNREACHABLE} (${error.message})`, { cause: error });
  }
  const reason = toPeerError(error) as PeerError;
  if (reason.code === "TOO_MANY_FILES" || reason.code === "LOCAL_TROUBLE" || reason.code === undefined) {
    return reason;
  }
  const code: PeerErrorCode = isConnected ? "PROXY_CLOSED" : "PROXY_MISSING";
  return new PeerError(code, `${PEER_ERRORS[code]} (${(error as Error).message})`, { cause: error });
}

/** Returns the error of a proxy that has not connected, or not said hello, within `timeoutMs` milliseconds. */
export function lateProxy(isConnected: boolean, timeoutMs: number): PeerError {
  const code: PeerErrorCode = isConnected ? "PROXY_SILENT" : "PROXY_MISSING";
  return new PeerError(code, `${PEER_ERRORS[code]} (${timeoutMs} ms)`);
}

/** Returns the error for a proxy that nobody can be called through. */
export function proxyFailure({ address }: Proxy, { code, message }: PeerError): ProxyError {
  const where = addressString(address);
  const advice = code === "PROXY_MISSING" ? "start it, or give its right address" : "is that its address?";
  return new ProxyError(`the proxy at ${where}: ${message}; ${advice}`);
}

/** Time for a proxy to say hello, in milliseconds. It is on this computer, or close to it. */
const HELLO_MS = 5000;

/**
 * Says hello to a proxy, and asks for nothing.
 *
 * @throws ProxyError with a sentence on what to do, if it is missing, silent, or no SOCKS5 proxy.
 */
export async function requireProxy(proxy: Proxy, timeoutMs: number = HELLO_MS): Promise<void> {
  const [host, port] = proxy.address;
  const client = tunnelTo(["hello.invalid", 0], proxy);
  const socket = net.connect({ host, port, timeout: timeoutMs });
  let isConnected = false;
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("timeout", () => reject(lateProxy(isConnected, timeoutMs)));
      socket.on("error", (error) => reject(proxyError(error, isConnected)));
      socket.on("end", () => reject(new PeerError("PROXY_CLOSED", PEER_ERRORS.PROXY_CLOSED)));
      socket.on("connect", () => {
        isConnected = true;
        socket.write(client.takeOutput());
      });
      socket.on("data", (bytes) => {
        try {
          client.add(bytes);
          if (client.isAsking) return resolve();
          socket.write(client.takeOutput());
        } catch (error) {
          reject(proxyError(error, true));
        }
      });
    });
  } catch (error) {
    throw proxyFailure(proxy, error as PeerError);
  } finally {
    socket.destroy();
  }
}
