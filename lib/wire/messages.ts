/**
 * Packets to messages and back: the messages that a crawl receives, and `UnknownMessage` for the rest.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html
 * As in Bitcoin Core, a payload may be longer than its message. The bytes after the message are
 * remembered, and written again (trailing-bytes.ts).
 */
import { AddrMessage } from "./addr";
import { AddrV2Message } from "./addrv2";
import { ByteReader, ByteWriter } from "./bytes";
import { Packet } from "./packet";
import { keepUnread, withTrailingBytes } from "./trailing-bytes";
import { VersionMessage } from "./version-message";

/** Commands of messages without fields. `sendaddrv2` is defined in BIP 155, `wtxidrelay` in BIP 339. */
export const EMPTY_COMMANDS = ["verack", "getaddr", "sendaddrv2", "wtxidrelay"] as const;
type EmptyCommand = (typeof EMPTY_COMMANDS)[number];

/** A message without fields. */
export class EmptyMessage {
  constructor(readonly command: EmptyCommand) {}

  static fromBytes(command: EmptyCommand, payload: Uint8Array): EmptyMessage {
    return keepUnread(new EmptyMessage(command), new ByteReader(payload));
  }

  toBytes(): Uint8Array {
    return withTrailingBytes(this, new Uint8Array(0));
  }
}

/**
 * Asks whether the connection still works. Peers of protocol version 60000 or less send no nonce, and
 * expect no answer (BIP 31).
 */
export class PingMessage {
  constructor(readonly nonce?: bigint) {}

  /**
   * Reads a payload.
   *
   * @throws ProtocolError MALFORMED if it has one to seven bytes.
   */
  static fromBytes(payload: Uint8Array): PingMessage {
    const reader = new ByteReader(payload);
    const nonce = reader.remaining > 0 ? reader.readBigUInt64LE("nonce") : undefined;
    return keepUnread(new PingMessage(nonce), reader);
  }

  get command(): "ping" {
    return "ping";
  }

  toBytes(): Uint8Array {
    return withTrailingBytes(this, this.nonce === undefined ? new Uint8Array(0) : nonceBytes(this.nonce));
  }
}

/** Answers a ping, with its nonce (BIP 31). */
export class PongMessage {
  constructor(readonly nonce: bigint) {}

  /**
   * Reads a payload.
   *
   * @throws ProtocolError MALFORMED if it has fewer than eight bytes.
   */
  static fromBytes(payload: Uint8Array): PongMessage {
    const reader = new ByteReader(payload);
    return keepUnread(new PongMessage(reader.readBigUInt64LE("nonce")), reader);
  }

  get command(): "pong" {
    return "pong";
  }

  toBytes(): Uint8Array {
    return withTrailingBytes(this, nonceBytes(this.nonce));
  }
}

/** A message with a command that we do not read: its payload, unchanged. */
export class UnknownMessage {
  constructor(
    readonly command: string,
    readonly payload: Uint8Array,
  ) {}

  toBytes(): Uint8Array {
    return this.payload;
  }
}

export type Message =
  VersionMessage | EmptyMessage | PingMessage | PongMessage | AddrMessage | AddrV2Message | UnknownMessage;

/** The function that reads the payload, for each command that we know. */
const READERS = new Map<string, (payload: Uint8Array) => Message>([
  ["version", VersionMessage.fromBytes],
  ["ping", PingMessage.fromBytes],
  ["pong", PongMessage.fromBytes],
  ["addr", AddrMessage.fromBytes],
  ["addrv2", AddrV2Message.fromBytes],
  ...EMPTY_COMMANDS.map((command): [string, (payload: Uint8Array) => Message] => [
    command,
    (payload) => EmptyMessage.fromBytes(command, payload),
  ]),
]);

/**
 * Returns the message in a packet.
 *
 * @throws ProtocolError if the payload is not valid for the command.
 */
export function parseMessage({ command, payload }: Pick<Packet, "command" | "payload">): Message {
  const read = READERS.get(command);
  return read ? read(payload) : new UnknownMessage(command, payload);
}

/** Returns a message as a packet. */
export function serializeMessage(message: Message): Packet {
  return new Packet(message.command, message.toBytes());
}

function nonceBytes(nonce: bigint): Uint8Array {
  return new ByteWriter().writeBigUInt64LE(nonce).toBytes();
}
