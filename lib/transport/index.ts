/** The encrypted transport of BIP 324, as bytes in and bytes out. Imports no socket. */
export { decodeKey, KeyPair } from "./elligator-swift";
export {
  IGNORE_BIT,
  LENGTH_LENGTH,
  openPacket,
  PACKET_OVERHEAD,
  PacketOpener,
  PacketSealer,
} from "./encrypted-packet";
export { MAX_CONTENTS_LENGTH } from "./encrypted-reader";
export { nextKey, packetNonce, REKEY_INTERVAL, REKEY_NUMBER, TAG_LENGTH } from "./forward-secure";
export { findTerminator, MAX_GARBAGE_LENGTH } from "./garbage";
export { KeyPool, KeyRing } from "./key-pool";
export { contentsToMessage, messageToContents } from "./message-contents";
export {
  type DirectionKeys,
  deriveKeys,
  type Role,
  type SessionKeys,
  sharedSecret,
  TERMINATOR_LENGTH,
} from "./session-keys";
export { Transport, type TransportOptions } from "./transport";
