/**
 * The three messages of a SOCKS5 client.
 *
 *  1. how it may identify itself: `05 01 00` for not at all
 *  2. its name and password, if the proxy has chosen that
 *  3. whom to connect to
 *
 * RFC 1928 (https://www.rfc-editor.org/rfc/rfc1928), and RFC 1929 for names and passwords.
 */
import { ByteWriter } from "../wire/bytes";
import { SocksError } from "./replies";

export const SOCKS_VERSION = 5;
/** The version of the messages in RFC 1929. */
export const CREDENTIALS_VERSION = 1;

/** How a client identifies itself: RFC 1928, section 3. */
export const METHODS = { none: 0, credentials: 2, unacceptable: 0xff } as const;

/** The command to connect. */
export const CONNECT = 1;

/** How a host is written: RFC 1928, section 5. */
export const HOST_TYPES = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** The most bytes of a name, since its length is one byte. */
const MAX_NAME_LENGTH = 255;

/** A name and a password. */
export interface Credentials {
  username: string;
  password: string;
}

/** Returns the first message: the ways in which we may identify ourselves. */
export function helloMessage(credentials: Credentials | undefined): Uint8Array {
  const methods = credentials ? [METHODS.none, METHODS.credentials] : [METHODS.none];
  return Uint8Array.of(SOCKS_VERSION, methods.length, ...methods);
}

/**
 * Returns the second message: a name and a password.
 *
 * @throws RangeError if one of them has no byte, or more than 255.
 */
export function credentialsMessage({ username, password }: Credentials): Uint8Array {
  const writer = new ByteWriter().write(Uint8Array.of(CREDENTIALS_VERSION));
  for (const text of [username, password]) {
    const bytes = Buffer.from(text);
    if (bytes.length < 1 || bytes.length > MAX_NAME_LENGTH) {
      throw new RangeError(`expected a name and a password of 1 to 255 bytes, got ${bytes.length}`);
    }
    writer.write(Uint8Array.of(bytes.length)).write(bytes);
  }
  return writer.toBytes();
}

/**
 * Returns the third message: the request to connect to a host and a port.
 *
 * The host goes as a name, whatever it looks like: it is the proxy that finds out where it is.
 *
 * @throws RangeError if the host is not 1 to 255 ASCII characters, or if the port does not fit into two bytes.
 */
export function connectRequest([host, port]: readonly [host: string, port: number]): Uint8Array {
  if (!/^[\x21-\x7e]{1,255}$/.test(host)) {
    throw new RangeError(`expected a host of 1 to 255 ASCII characters, got "${host}"`);
  }
  // Version 5, the command to connect, a reserved byte, and that a name follows.
  return new ByteWriter()
    .write(Uint8Array.of(5, 1, 0, 3, host.length))
    .write(Buffer.from(host))
    .writeUInt16BE(port)
    .toBytes();
}

/** Yields what is needed to tell how long the host in a reply is, and returns its length in bytes. */
export function* lengthOfHost(hostType: number): Generator<number, number, Uint8Array> {
  if (hostType === HOST_TYPES.ipv4) return 4;
  if (hostType === HOST_TYPES.ipv6) return 16;
  if (hostType !== HOST_TYPES.name) throw malformed(hostType, "an address type of 1, 3 or 4");
  const [length] = yield 1;
  return length;
}

/** Throws PROXY_MALFORMED if a message does not begin with a 5: HTTP proxies say `H`. */
export function requireVersion([version]: Uint8Array): void {
  if (version !== SOCKS_VERSION) throw malformed(version, "5");
}

/** Returns the error for a byte that SOCKS5 does not have there. */
export function malformed(byte: number, expected: string): SocksError {
  const got = `0x${byte.toString(16).padStart(2, "0")}`;
  return new SocksError("PROXY_MALFORMED", `expected ${expected} of a SOCKS5 proxy, got ${got}`);
}
