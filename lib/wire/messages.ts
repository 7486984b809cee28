/**
 * From packets to messages and back: the messages that a crawl meets, and `UnknownMessage` for the rest.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html
 * Most of them say all they have to say by their command. As in Bitcoin Core, a payload longer than
 * its message is allowed; what is too much is kept and written again (tail.ts).
 */
import { AddrMessage } from "./addr";
import { AddrV2Message } from "./addrv2";
import { ByteReader, ByteWriter } from "./bytes";
import { Packet } from "./packet";
import { keepUnread, withTrailingBytes } from "./trailing-bytes";
import { VersionMessage } from "./version-message";

/** Messages without a field: `sendaddrv2` is of BIP 155, `wtxidrelay` of BIP 339. */
export const EMPTY_COMMANDS = ["verack", "getaddr", "sendaddrv2", "wtxidrelay"] as const;
export type EmptyCommand = (typeof EMPTY_COMMANDS)[number];

/** A message that is its command. */
export class EmptyMessage {
  constructor(readonly command: EmptyCommand) {}

  static fromBytes(command: EmptyCommand, payload: Uint8Array): EmptyMessage {
    return keepUnread(new EmptyMessage(command), new ByteReader(payload));
  }

  toBytes(): Uint8Array {
    return withTrailingBytes(this, new Uint8Array(0));
  }
}

/** Are you there? A peer of protocol version 60000 or less sends no nonce, and wants no answer (BIP 31). */
export class PingMessage {
  constructor(readonly nonce?: bigint) {}

  /** Reads a payload. Throws MALFORMED if it has one to seven bytes. */
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

/** I am, and this is your nonce (BIP 31). */
export class PongMessage {
  constructor(readonly nonce: bigint) {}

  /** Reads a payload. Throws MALFORMED if it has less than eight bytes. */
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

/** A message that we do not read: its payload as it came. */
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

/** What reads the payload of each command that we know. */
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

/** The message in a packet. Throws a ProtocolError if its payload is not what its command wants. */
export function parseMessage({ command, payload }: Pick<Packet, "command" | "payload">): Message {
  const read = READERS.get(command);
  return read ? read(payload) : new UnknownMessage(command, payload);
}

/** A message in its packet. */
export function serializeMessage(message: Message): Packet {
  return new Packet(message.command, message.toBytes());
}

function nonceBytes(nonce: bigint): Uint8Array {
  return new ByteWriter().writeBigUInt64LE(nonce).toBytes();
}
