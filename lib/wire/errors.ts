/**
 * The error for bytes that the protocol does not allow, with a stable `code`.
 *
 * A crawl counts its failures by these codes, so they are part of its data: no code is renamed.
 */

/** Each code of a `ProtocolError`, and what it means. */
export const PROTOCOL_ERRORS = {
  BAD_MAGIC: "the first four bytes are not those of this network",
  BAD_COMMAND: "the twelve bytes of the command are not ASCII padded with NULs",
  BAD_CHECKSUM: "the payload does not have the checksum that the header announces",
  OVERSIZED: "a length beyond what the protocol allows",
  NO_TERMINATOR: "no end of the garbage within the 4,095 bytes that BIP 324 allows",
  BAD_TAG: "a packet of the encrypted transport that is not authentic",
  MALFORMED: "the bytes end too early, or do not mean anything",
} as const;

export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;

/** Says that bytes are not what the protocol allows. `code` says what is wrong with them. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  constructor(
    readonly code: ProtocolErrorCode,
    message: string,
  ) {
    super(message);
  }
}
