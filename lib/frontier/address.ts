/**
 * The address of a Redis server: `redis://HOST:PORT`, `rediss://…` with TLS, `unix:///PATH`.
 *
 * It may hold a user, a password and the number of a database (`redis://user:password@host:6379/2`). What is
 * shown of it, in a sentence or a file, never holds the password.
 */
import { unescaped } from "../util/unescaped";
import { printable } from "../wire/text";
import { FrontierError } from "./errors";

export interface ServerAddress {
  /** Options of ioredis. Its own type of them would bring all its types into every kernel: a third of what it reads. */
  options: {
    username?: string;
    password?: string;
    host?: string;
    port?: number;
    db?: number;
    path?: string;
    tls?: object;
  };
  /** The address without user and password. */
  shown: string;
  hasPassword: boolean;
}

const DEFAULT_PORT = 6379;

/**
 * Reads the address of a server.
 *
 * @throws FrontierError BAD_URL if it is none. The message does not repeat it: it may hold a password.
 */
export function parseServerAddress(text: string): ServerAddress {
  const url = urlOf(text);
  const { protocol, hostname, port, pathname, username, password } = url;
  const credentials = {
    ...(username && { username: decoded(username) }),
    ...(password && { password: decoded(password) }),
  };
  const hasPassword = password !== "";
  if (protocol === "unix:") {
    const path = decoded(pathname);
    return { options: { ...credentials, path }, shown: printable(`unix://${path}`), hasPassword };
  }
  const db = pathname.length > 1 ? Number(pathname.slice(1)) : 0;
  if (!Number.isInteger(db) || hostname === "") throw badUrl();
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const options = { ...credentials, host, port: Number(port || DEFAULT_PORT), db };
  const shown = printable(`${protocol}//${hostname}:${options.port}${db > 0 ? `/${db}` : ""}`);
  return { options: protocol === "rediss:" ? { ...options, tls: {} } : options, shown, hasPassword };
}

/**
 * Returns a part of an address without its escapes.
 *
 * @throws FrontierError BAD_URL if it is escaped wrongly.
 */
function decoded(part: string): string {
  const text = unescaped(part);
  if (text === undefined) throw badUrl();
  return text;
}

function urlOf(text: string): URL {
  try {
    const url = new URL(text);
    if (["redis:", "rediss:", "unix:"].includes(url.protocol)) return url;
  } catch {
    // The sentence below says it.
  }
  throw badUrl();
}

function badUrl(): FrontierError {
  return new FrontierError(
    "BAD_URL",
    "expected the address of a Redis server, like redis://HOST:6379, rediss://HOST:6379 with TLS, or unix:///PATH",
  );
}
