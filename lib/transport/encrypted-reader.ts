/**
 * Reads what follows the garbage: packets, in a stream that may be cut anywhere, and the messages in them.
 *
 * Nothing is allocated for a length that is announced, and no packet counts before its tag is checked.
 */
import type { ByteQueue } from "../wire/byte-queue";
import { ProtocolError } from "../wire/errors";
import { COMMAND_LENGTH, MAX_PAYLOAD_LENGTH, type Packet } from "../wire/packet";
import { LENGTH_LENGTH, PACKET_OVERHEAD, PacketOpener } from "./encrypted-packet";
import { contentsToMessage } from "./message-contents";
import type { DirectionKeys } from "./session-keys";

/** Maximum length of the contents of a packet in bytes, as in Bitcoin Core: id, command, longest payload. */
export const MAX_CONTENTS_LENGTH = 1 + COMMAND_LENGTH + MAX_PAYLOAD_LENGTH;

export class EncryptedReader {
  readonly #opener: PacketOpener;
  readonly #received: ByteQueue;
  /** What the first packet authenticates: the garbage before it. */
  #aad: Uint8Array | undefined;
  /** Length of the contents whose length has arrived. */
  #length: number | undefined;
  /** Bytes of packets since the last message that were none. */
  #ignored = 0;
  #hasVersion = false;

  /** Reads from `received`, which ends before the first packet or within it. */
  constructor(keys: DirectionKeys, received: ByteQueue, garbage: Uint8Array) {
    this.#opener = new PacketOpener(keys);
    this.#received = received;
    this.#aad = garbage;
  }

  /** Whether the version packet is here, with which the handshake ends. */
  get hasVersion(): boolean {
    return this.#hasVersion;
  }

  /**
   * Takes the next message; undefined if none is complete.
   *
   * @throws ProtocolError if a packet is wrong, or if decoys are longer than any message.
   */
  next(): Packet | undefined {
    for (;;) {
      const opened = this.#nextPacket();
      if (!opened) return undefined;
      const message = this.#read(opened);
      if (message) return message;
    }
  }

  /** Returns the next packet opened; undefined if it is not complete. */
  #nextPacket(): { contents: Uint8Array; ignore: boolean } | undefined {
    this.#length ??= this.#readLength();
    const sealed =
      this.#length === undefined ? undefined : this.#received.take(this.#length + PACKET_OVERHEAD);
    if (!sealed) return undefined;
    const opened = this.#opener.open(sealed, this.#aad);
    this.#length = this.#aad = undefined;
    return opened;
  }

  #readLength(): number | undefined {
    const encrypted = this.#received.take(LENGTH_LENGTH);
    const length = encrypted && this.#opener.openLength(encrypted);
    if (length === undefined || length <= MAX_CONTENTS_LENGTH) return length;
    const message = `length of a packet: expected at most ${MAX_CONTENTS_LENGTH}, got ${length}`;
    throw new ProtocolError("OVERSIZED", message);
  }

  /** Returns the message in a packet; undefined if it is a decoy, the version packet or unknown. */
  #read({ contents, ignore }: { contents: Uint8Array; ignore: boolean }): Packet | undefined {
    const isVersion = !ignore && !this.#hasVersion;
    const message = ignore || isVersion ? undefined : contentsToMessage(contents);
    this.#ignored = message ? 0 : this.#ignored + contents.length;
    if (this.#ignored > MAX_CONTENTS_LENGTH) {
      const text = `decoys: expected a message within ${MAX_CONTENTS_LENGTH} bytes, got ${this.#ignored} without one`;
      throw new ProtocolError("OVERSIZED", text);
    }
    if (isVersion) this.#hasVersion = true;
    return message;
  }
}
