/** Reads and writes Bitcoin's messages. Imports no socket. */
export { AddrMessage, type IsWanted, type KnownAddress, readWantedAddresses } from "./addr";
export { addressKey, type AddressKey } from "./address-key";
export { ADDRESS_NETWORKS, AddrV2Message, type KnownAddressV2, readWantedAddressesV2 } from "./addrv2";
export { ByteQueue } from "./byte-queue";
export { ByteReader, ByteWriter, concat, fromHex, toHex } from "./bytes";
export { checksum, hasChecksum } from "./checksum";
export { PROTOCOL_ERRORS, ProtocolError, type ProtocolErrorCode } from "./errors";
export {
  EMPTY_COMMANDS,
  EmptyMessage,
  type Message,
  parseMessage,
  PingMessage,
  PongMessage,
  serializeMessage,
  UnknownMessage,
} from "./messages";
export { hexDump } from "./hex-dump";
export {
  hostFromBytes,
  hostToBytes,
  type NetworkAddress,
  readNetworkAddress,
  writeNetworkAddress,
} from "./network-address";
export { i2pHost, torV3Host } from "./overlay-hosts";
export { PacketReader, readPackets } from "./packet-reader";
export {
  CHECKSUM_OFFSET,
  COMMAND_LENGTH,
  COMMAND_OFFSET,
  HEADER_LENGTH,
  LENGTH_OFFSET,
  MAGIC,
  MAGIC_NUMBER,
  MAX_PAYLOAD_LENGTH,
  Packet,
  type PacketHeader,
  parsePacket,
  readCommand,
  serializePacket,
  writeCommand,
} from "./packet";
export { hasService, SERVICE_BITS, serviceNames } from "./services";
export {
  bytesOfText,
  escapeInvalidBytes,
  latin1,
  printable,
  printableJson,
  printableLines,
  textOfBytes,
} from "./text";
export { MAX_USER_AGENT_LENGTH, readVarInt, readVarString, writeVarInt, writeVarString } from "./var-int";
export {
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  parseVersionMessage,
  type VersionFields,
  VersionMessage,
} from "./version-message";
