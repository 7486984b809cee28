/**
 * What a peer answers to `getaddr`, put together from its messages.
 *
 * Nothing in the protocol marks the answer. A peer also announces its own address unasked, and passes on
 * those of a few new peers; it may send its answer in several messages, or not at all. Bitcoin Core answers
 * once a connection, with at most 1000 addresses (net_processing.cpp).
 */
import { type IsWanted, type KnownAddress, readWantedAddresses } from "../wire/addr";
import { addressKey } from "../wire/address-key";
import { readWantedAddressesV2 } from "../wire/addrv2";
import type { Packet } from "../wire/packet";
import type { AddressTuple } from "./address";

/**
 * Maximum number of addresses in a message that a peer sends unasked: its own and those of a few new
 * peers (RelayAddress and ProcessMessage of Bitcoin Core's net_processing.cpp).
 */
const MAX_UNASKED = 10;
/** What Bitcoin Core answered before version 0.21, in three messages (ADDRMAN_GETADDR_MAX, addrman.h). */
const MAX_ANSWER = 2500;
/** After an answer, the time without another part of it that ends it, in milliseconds. */
export const QUIET_MS = 100;

export class AddressAnswer {
  /** How many addresses the messages have held so far. */
  count = 0;
  /** Whether a message was an answer: it held more than peers send unasked. */
  isEnough = false;
  /** Whether the last message was `addrv2`. */
  private isInV2 = false;
  /** Whether a message has named another address than the peer's own. */
  namesOthers = false;
  /** Whether a message has come, if only an empty one or one of the peer's own address. */
  hasCome = false;

  constructor(private readonly peer: AddressTuple) {}

  /** What came of asking, as far as messages tell; undefined if none has come. */
  get outcome(): "ANSWERED" | "KNOWS_NOBODY" | undefined {
    if (this.namesOthers) return "ANSWERED";
    return this.hasCome ? "KNOWS_NOBODY" : undefined;
  }

  /**
   * Whether no more parts are waited for. Bitcoin Core knows `addrv2` since version 0.21, and has answered with
   * one message since then.
   */
  get isComplete(): boolean {
    return this.count >= MAX_ANSWER || (this.isEnough && this.isInV2);
  }

  /** Whether the peer has said that it knows nobody: its messages were empty. */
  get isEmpty(): boolean {
    return this.hasCome && this.count === 0;
  }

  /**
   * Reads a packet, and returns the addresses in it that are wanted. There are none in a packet that is no
   * `addr` or `addrv2`, and in one with only the peer's own address.
   *
   * @throws ProtocolError if the message is not valid.
   */
  read(packet: Pick<Packet, "command" | "payload">, isWanted: IsWanted = () => true): KnownAddress[] {
    if (packet.command !== "addr" && packet.command !== "addrv2") return [];
    const read = packet.command === "addr" ? readWantedAddresses : readWantedAddressesV2;
    const { count, wanted } = read(packet.payload, isWanted);
    const isOwn = count === 1 && this.isOwn(read(packet.payload, () => true).wanted[0]);
    this.hasCome = true;
    this.isInV2 = packet.command === "addrv2";
    this.count += count;
    this.isEnough ||= count > MAX_UNASKED;
    this.namesOthers ||= count > 0 && !isOwn;
    return isOwn ? [] : wanted;
  }

  /** `only` is not given if its network is not known. */
  private isOwn(only: KnownAddress | undefined): boolean {
    const [host, port] = this.peer;
    return only !== undefined && addressKey(only) === addressKey({ host, port });
  }
}
