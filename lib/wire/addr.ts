/**
 * The payload of `addr`: other nodes that the sender knows, by IP address only.
 *
 * https://developer.bitcoin.org/reference/p2p_networking.html#addr
 * As in Bitcoin Core (net_processing.cpp), a message may hold at most 1000 addresses. Core replaces a
 * time that is long past or in the future, and ignores Tor v2 (IPv6 addresses of OnionCat). We report
 * what the peer sent: the time unchanged, and the `.onion` name.
 */
import { type AddressKey, ipKey, isIPv4Key } from "./address-key";
import { ByteReader, ByteWriter } from "./bytes";
import { hostFromBytes, hostToBytes } from "./network-address";
import { NETWORK_ID } from "./network-id";
import { onionCatBytes, onionCatHost } from "./overlay-hosts";
import { keepUnread, withTrailingBytes } from "./trailing-bytes";
import { readVarInt, writeVarInt } from "./var-int";
import { ProtocolError } from "./errors";

/** Maximum number of addresses in one message (MAX_ADDR_TO_SEND in Bitcoin Core's net_processing.cpp). */
export const MAX_ADDRESSES = 1000;

/** A node, as a peer describes it in `addr`. */
export interface KnownAddress {
  /** When it was last seen, according to the sender: Unix time in seconds, 32 bits. */
  time: number;
  services: bigint;
  /** `1.2.3.4`, `2001:db8::1`, `expyuzz4wqqyqhjn.onion`. */
  host: string;
  port: number;
}

export class AddrMessage {
  constructor(readonly addresses: readonly KnownAddress[]) {}

  /**
   * Reads a payload.
   *
   * @throws ProtocolError OVERSIZED if it announces more than 1000 addresses, MALFORMED if it ends early.
   */
  static fromBytes(payload: Uint8Array): AddrMessage {
    const reader = new ByteReader(payload);
    return keepUnread(new AddrMessage(readAddresses(reader, readKnownAddress)), reader);
  }

  get command(): "addr" {
    return "addr";
  }

  /**
   * Returns the payload.
   *
   * @throws RangeError if there are more than 1000 addresses, or if one cannot be written.
   */
  toBytes(): Uint8Array {
    return withTrailingBytes(this, addressesToBytes(this.addresses, writeKnownAddress));
  }
}

/**
 * Returns whether an address is wanted that was last seen at `time`. `networkId` is the number of its network
 * in BIP 155 (ADDRESS_NETWORKS, addrv2.ts).
 */
export type IsWanted = (time: number, key: AddressKey, networkId: number) => boolean;

/** What a message with addresses holds: how many, and those that are wanted. */
export interface WantedAddresses<A extends KnownAddress = KnownAddress> {
  count: number;
  wanted: A[];
}

/**
 * The addresses that a message mentions, without objects.
 *
 * A crawl looks each key up in more memory than a processor's cache holds. So all are read first: a loop that only
 * looks up waits for many places of memory at a time.
 */
export class Mentions {
  private readonly keys: Float64Array;
  private readonly times: Uint32Array;
  private readonly networkIds: Uint8Array;
  private readonly offsets: Uint32Array;
  private length = 0;

  /** There is room for `count` addresses. */
  constructor(private readonly count: number) {
    this.keys = new Float64Array(count);
    this.times = new Uint32Array(count);
    this.networkIds = new Uint8Array(count);
    this.offsets = new Uint32Array(count);
  }

  /** Adds an address: when it was last seen, its key, its network, and where in the message it is. */
  add(time: number, key: number, networkId: number, offset: number): void {
    const i = this.length++;
    this.times[i] = time;
    this.keys[i] = key;
    this.networkIds[i] = networkId;
    this.offsets[i] = offset;
  }

  /** Returns those that are wanted, read with `readAt`, and how many the message holds. */
  select<A extends KnownAddress>(isWanted: IsWanted, readAt: (offset: number) => A): WantedAddresses<A> {
    const wanted: A[] = [];
    for (let i = 0; i < this.length; i++) {
      if (isWanted(this.times[i], this.keys[i], this.networkIds[i])) wanted.push(readAt(this.offsets[i]));
    }
    return { count: this.count, wanted };
  }
}

/** Length of one address in bytes: time, services, IP address, port. */
export const ADDRESS_LENGTH = 30;
const IP_OFFSET = 12;

/**
 * Reads the addresses in a payload that are wanted, and how many it holds in all.
 *
 * A crawl hears of each address hundreds of times. The mentions that are not wanted cost no objects.
 *
 * @throws ProtocolError as `AddrMessage.fromBytes` does.
 */
export function readWantedAddresses(payload: Uint8Array, isWanted: IsWanted): WantedAddresses {
  const reader = new ByteReader(payload);
  const count = readCount(reader);
  const mentions = new Mentions(count);
  for (let left = count; left > 0; left--) {
    const { offset } = reader;
    reader.skip(ADDRESS_LENGTH, "address");
    const key = ipKey(payload, offset + IP_OFFSET);
    mentions.add(timeAt(payload, offset), key, isIPv4Key(key) ? NETWORK_ID.ipv4 : NETWORK_ID.ipv6, offset);
  }
  return mentions.select(isWanted, (offset) => readKnownAddress(new ByteReader(payload.subarray(offset))));
}

function timeAt(bytes: Uint8Array, offset: number): number {
  const time =
    bytes[offset] | (bytes[offset + 1] << 8) | (bytes[offset + 2] << 16) | (bytes[offset + 3] << 24);
  return time >>> 0;
}

/**
 * Reads a list of addresses: their number, and then each with `readOne`.
 *
 * @throws ProtocolError OVERSIZED if the number is over 1000.
 */
export function readAddresses<A>(reader: ByteReader, readOne: (reader: ByteReader) => A): A[] {
  const count = readCount(reader);
  const addresses: A[] = [];
  while (addresses.length < count) addresses.push(readOne(reader));
  return addresses;
}

/**
 * Reads the number of addresses at the beginning of a payload.
 *
 * @throws ProtocolError OVERSIZED if it is over 1000.
 */
export function readCount(reader: ByteReader): number {
  const count = readVarInt(reader, "number of addresses");
  if (count <= MAX_ADDRESSES) return count;
  throw new ProtocolError(
    "OVERSIZED",
    `number of addresses: expected at most ${MAX_ADDRESSES}, got ${count}`,
  );
}

/**
 * Returns the bytes of a list of addresses: their number, and then each with `writeOne`.
 *
 * @throws RangeError if there are more than 1000.
 */
export function addressesToBytes<A>(
  addresses: readonly A[],
  writeOne: (writer: ByteWriter, address: A) => void,
): Uint8Array {
  if (addresses.length > MAX_ADDRESSES) {
    throw new RangeError(`expected at most ${MAX_ADDRESSES} addresses, got ${addresses.length}`);
  }
  const writer = new ByteWriter();
  writeVarInt(writer, addresses.length);
  for (const address of addresses) writeOne(writer, address);
  return writer.toBytes();
}

function readKnownAddress(reader: ByteReader): KnownAddress {
  const time = reader.readUInt32LE("time");
  const services = reader.readBigUInt64LE("services");
  const address = reader.read(16, "IP address");
  const port = reader.readUInt16BE("port");
  return { time, services, host: onionCatHost(address) ?? hostFromBytes(address), port };
}

/** A node as the bytes of `addr` have it: without the text of its host, which takes 16 bytes. */
export interface RawAddress extends Omit<KnownAddress, "host"> {
  address: Uint8Array;
}

/** Writes one address: `ADDRESS_LENGTH` bytes. */
function writeKnownAddress(writer: ByteWriter, known: KnownAddress): void {
  const { host } = known;
  const address = host.endsWith(".onion") ? onionCatBytes(host) : hostToBytes(host);
  writeRawAddress(writer, { ...known, address });
}

/** Writes one address whose bytes are known. */
export function writeRawAddress(writer: ByteWriter, { time, services, address, port }: RawAddress): void {
  writer.writeUInt32LE(time).writeBigUInt64LE(services).write(address).writeUInt16BE(port);
}
