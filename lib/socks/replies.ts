/**
 * What a SOCKS5 proxy replies when it has not connected, and the errors that come of it.
 *
 * RFC 1928, section 6 (https://www.rfc-editor.org/rfc/rfc1928). From 0xF0 on they are Tor's own, about onion
 * services, for clients of a port with `ExtendedErrors`: https://spec.torproject.org/socks-extensions.html
 */

/** Each code of a `SocksError`, which is also one of a `PeerError`. */
export type SocksErrorCode =
  | "PROXY_FAILED"
  | "PROXY_FORBIDS"
  | "PROXY_AUTH"
  | "PROXY_MALFORMED"
  | "UNREACHABLE"
  | "REFUSED"
  | "CONNECT_TIMEOUT"
  | "ONION_NOT_FOUND"
  | "ONION_INVALID"
  | "ONION_FAILED"
  | "ONION_PRIVATE";

/** Says that a proxy has not connected, or does not speak SOCKS5. */
export class SocksError extends Error {
  override readonly name = "SocksError";

  constructor(
    readonly code: SocksErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** The reply of a proxy that has connected. */
export const SUCCEEDED = 0x00;

/** What each reply says, in the words of its specification, and whose trouble it is. */
const REPLIES: Readonly<Record<number, readonly [code: SocksErrorCode, meaning: string]>> = {
  0x01: ["PROXY_FAILED", "general failure"],
  0x02: ["PROXY_FORBIDS", "not allowed by its rules"],
  0x03: ["UNREACHABLE", "network unreachable"],
  0x04: ["UNREACHABLE", "host unreachable"],
  0x05: ["REFUSED", "connection refused"],
  0x06: ["CONNECT_TIMEOUT", "TTL expired"],
  0x07: ["PROXY_FORBIDS", "command not supported"],
  0x08: ["PROXY_FORBIDS", "address type not supported"],
  0xf0: ["ONION_NOT_FOUND", "descriptor not found"],
  0xf1: ["ONION_INVALID", "descriptor is invalid"],
  0xf2: ["ONION_FAILED", "introduction failed"],
  0xf3: ["ONION_FAILED", "rendezvous failed"],
  0xf4: ["ONION_PRIVATE", "client authorization is missing"],
  0xf5: ["ONION_PRIVATE", "client authorization is wrong"],
  0xf6: ["ONION_INVALID", "no such onion address can exist"],
  0xf7: ["ONION_FAILED", "introduction timed out"],
};

/** Returns the error that a reply stands for. An unassigned one is a failure of the proxy. */
export function errorOfReply(reply: number): SocksError {
  const [code, meaning] = REPLIES[reply] ?? ["PROXY_FAILED", "no meaning is assigned to that"];
  return new SocksError(code, `the proxy replies 0x${reply.toString(16).padStart(2, "0")}: ${meaning}`);
}
