/**
 * What peers answer to `getaddr`: the addresses that they know.
 *
 * Gossip spreads far more addresses than there are reachable nodes: how many, the population's model says
 * (gossip-model.ts). Some addresses are more widespread than others, so two answers share more than by
 * chance. As Bitcoin Core does, a peer sends at most 1000 addresses and at most
 * 23% of those it knows, and sends the same ones to every caller.
 *
 * `addrv2` holds addresses in other networks too (overlay-addresses.ts).
 */
import { type AddressTuple, DEFAULT_PORT } from "../../peer/address";
import { Random } from "../../util/random";
import { ADDRESS_LENGTH, MAX_ADDRESSES, type RawAddress, writeRawAddress } from "../../wire/addr";
import { type RawAddressV2, writeRawAddressV2 } from "../../wire/addrv2";
import { hostToBytes, IPV4_PREFIX, isIPv4Mapped } from "../../wire/network-address";
import { NETWORK_ID } from "../../wire/network-id";
import { serializePacket } from "../../wire/packet";
import { drawAges } from "./ages";
import { AnswerEntries } from "./answer-entries";
import type { GossipModel } from "./gossip-model";
import type { OverlayAddresses } from "./overlay-addresses";
import { spread } from "./spread";
import type { SessionPeer } from "./version-info";

/** MAX_PCT_ADDR_TO_SEND of Bitcoin Core (net_processing.cpp). */
const MAX_SHARE = 0.23;
/** 1 would make all addresses equally frequent; 1.4 makes some a few times as frequent as most. */
const SKEW_EXPONENT = 1.4;
/** From here on the 127.x.0.0/16 ranges belong to no practice network: connections to them are refused. */
const FIRST_UNUSED_RANGE = 233;
const UNUSED_HOSTS = (255 - FIRST_UNUSED_RANGE) * 65_536;
const UNUSED_ADDRESS = hostToBytes("127.0.0.0");

/** Services are drawn for so many addresses, and repeat from then on. */
const SERVICES_DRAWN = 1009;
/** Length of the longest address in `addrv2` that peers send, in bytes: one behind Tor, with all services. */
const ADDRESS_V2_LENGTH = 4 + 9 + 1 + 1 + 32 + 2;

/** The addresses that the peers of one network know. */
export class AddressBooks {
  /** How many IP addresses the peers know in total, those of the peers included. */
  readonly known: number;
  private readonly numbers: Map<SessionPeer, number>;
  private readonly entries: AnswerEntries;
  /** Made when the first peer is asked for `addrv2`. */
  private entriesV2: AnswerEntries | undefined;

  /** The services of addresses that are nobody's, by number. */
  private readonly strangersServices: readonly bigint[];
  /** How many seconds ago each IP address was last seen. */
  private readonly ages: Uint32Array;

  /** `overlays` are the addresses that only `addrv2` has. */
  constructor(
    private readonly seed: number,
    private readonly peers: readonly SessionPeer[],
    private readonly addresses: readonly AddressTuple[],
    private readonly overlays: OverlayAddresses,
    private readonly model: GossipModel,
    /** Peers that know addresses, and are none of `peers`: those behind Tor and on I2P. */
    others: readonly SessionPeer[] = [],
  ) {
    this.known = Math.max(peers.length, Math.round(peers.length * model.knownPerPeer));
    const random = new Random(seed, "strangers");
    this.strangersServices = Array.from({ length: SERVICES_DRAWN }, () =>
      BigInt(random.pick(model.strangersServices)),
    );
    this.numbers = new Map([...peers, ...others].map((peer, i) => [peer, i]));
    this.ages = drawAges(new Random(seed, "ages"), peers.length, this.known, model);
    this.entries = new AnswerEntries(this.known, ADDRESS_LENGTH, (i, writer) =>
      writeRawAddress(writer, this.entry(i)),
    );
  }

  /** Returns the `addr` packet with which `peer` answers `getaddr`. */
  addrPacketOf(peer: SessionPeer): Uint8Array {
    return serializePacket("addr", this.answerOf(peer, this.entries, "address book"));
  }

  /** Returns the `addrv2` packet with which `peer` answers a caller who has said `sendaddrv2`. */
  addrV2PacketOf(peer: SessionPeer): Uint8Array {
    this.entriesV2 ??= this.makeEntriesV2();
    return serializePacket("addrv2", this.answerOf(peer, this.entriesV2, "address book v2"));
  }

  private makeEntriesV2(): AnswerEntries {
    const { overlays, model } = this;
    const ages = drawAges(new Random(this.seed, "overlay ages"), overlays.nodeCount, overlays.size, model);
    return new AnswerEntries(this.known + overlays.size, ADDRESS_V2_LENGTH, (i, writer) =>
      writeRawAddressV2(writer, this.entryV2(i, ages)),
    );
  }

  private answerOf(peer: SessionPeer, entries: AnswerEntries, book: string): Uint8Array {
    const random = new Random(this.seed, `${book} ${this.numbers.get(peer)}`);
    const most = peer.addressesToTell ?? MAX_ADDRESSES;
    const count = Math.min(most, MAX_ADDRESSES, Math.ceil(entries.size * MAX_SHARE));
    const now = Math.floor(Date.now() / 1000);
    return entries.answer(
      count,
      // `x ** SKEW_EXPONENT`, in half of the time
      () => Math.floor(entries.size * Math.exp(SKEW_EXPONENT * Math.log(random.next()))),
      now,
    );
  }

  /**
   * Returns the IP address of number `i`, with its age in the place of a time.
   *
   * Peers are spread evenly among the addresses that cannot be reached.
   */
  private entry(i: number): RawAddress {
    const [isPeer, peer] = spread(this.peers.length, i, this.known);
    const time = this.ages[i];
    if (!isPeer) return { time, services: this.strangersServices[i % SERVICES_DRAWN], ...unusedAddress(i) };
    const [host, port] = this.addresses[peer];
    const services = BigInt(this.peers[peer].versionInfo.services);
    return { time, services, address: hostToBytes(host), port };
  }

  /** Returns the address of number `i` in `addrv2`: those of other networks are spread evenly, too. */
  private entryV2(i: number, overlayAges: Uint32Array): RawAddressV2 {
    const [isOverlay, number] = spread(this.overlays.size, i, this.known + this.overlays.size);
    if (isOverlay) return { time: overlayAges[number], ...this.overlays.at(number) };
    const { time, services, address, port } = this.entry(number);
    if (!isIPv4Mapped(address)) return { time, networkId: NETWORK_ID.ipv6, address, port, services };
    return { time, networkId: NETWORK_ID.ipv4, address: address.slice(IPV4_PREFIX.length), port, services };
  }
}

/** Returns an address at which no practice network listens: another one for each number. */
function unusedAddress(i: number): { address: Uint8Array; port: number } {
  const n = i % UNUSED_HOSTS;
  const address = UNUSED_ADDRESS.slice();
  address[13] = FIRST_UNUSED_RANGE + (n >> 16);
  address[14] = n >> 8;
  address[15] = n;
  return { address, port: DEFAULT_PORT + Math.floor(i / UNUSED_HOSTS) };
}
