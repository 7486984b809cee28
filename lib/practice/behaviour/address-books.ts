/**
 * What peers answer to `getaddr`: the addresses that they know.
 *
 * Gossip spreads far more addresses than there are reachable nodes. In 2022 the full answers of
 * 36 peers pointed at six times as many addresses as a snapshot had nodes (network-profile.json);
 * this network has as many per peer. Some addresses are more widespread than others, so two answers
 * share more than by chance. As Bitcoin Core does, a peer sends at most 1000 addresses and at most
 * 23% of those it knows, and sends the same ones to every caller.
 */
import { type AddressTuple, DEFAULT_PORT } from "../../peer/address";
import { quantilesOf, Random } from "../../util/random";
import { AddrMessage, type KnownAddress, MAX_ADDRESSES } from "../../wire/addr";
import { serializePacket } from "../../wire/packet";
import profile from "../profile/network-profile.json";
import type { SessionPeer } from "./version-info";

const AGES = quantilesOf(profile.pcap2022.ageSecondsInFullReplies);
/** Ages above this quantile of the profile come from clocks that were not set. */
const OLDEST_QUANTILE = 0.99;
const KNOWN_PER_PEER = profile.teachable.captureRecapture2022.lincolnPetersen / profile.snapshot2022.rows;
/** MAX_PCT_ADDR_TO_SEND of Bitcoin Core (net_processing.cpp). */
const MAX_SHARE = 0.23;
/** 1 would make all addresses equally frequent; 1.4 makes some a few times as frequent as most. */
const SKEW_EXPONENT = 1.4;
/** From here on the 127.x.0.0/16 ranges belong to no practice network: connections to them are refused. */
const FIRST_UNUSED_RANGE = 233;
const SERVICES = 1033n;

/** The addresses that the peers of one network know. */
export class AddressBooks {
  /** How many addresses the peers know in total, those of the peers included. */
  readonly known: number;
  private readonly numbers: Map<SessionPeer, number>;

  constructor(
    private readonly seed: number,
    private readonly peers: readonly SessionPeer[],
    private readonly addresses: readonly AddressTuple[],
  ) {
    this.known = Math.max(peers.length, Math.round(peers.length * KNOWN_PER_PEER));
    this.numbers = new Map(peers.map((peer, i) => [peer, i]));
  }

  /** Returns the `addr` packet with which `peer` answers `getaddr`. */
  addrPacketOf(peer: SessionPeer): Uint8Array {
    const random = new Random(this.seed, `address book ${this.numbers.get(peer)}`);
    const now = Math.floor(Date.now() / 1000);
    const addresses = this.draw(random).map((i): KnownAddress => {
      const time = now - Math.round(random.quantile(AGES, OLDEST_QUANTILE));
      return { time, ...this.entry(i) };
    });
    return serializePacket("addr", new AddrMessage(addresses).toBytes());
  }

  /** Draws the numbers of the addresses that one peer sends, all different. */
  private draw(random: Random): number[] {
    const wanted = Math.min(MAX_ADDRESSES, Math.ceil(this.known * MAX_SHARE));
    const drawn = new Set<number>();
    while (drawn.size < wanted) drawn.add(Math.floor(this.known * random.next() ** SKEW_EXPONENT));
    return [...drawn];
  }

  /**
   * Returns the address of number `i`.
   *
   * Peers are spread evenly among the addresses that cannot be reached.
   */
  private entry(i: number): Omit<KnownAddress, "time"> {
    const [peersUpTo, peersBefore] = [i + 1, i].map((n) => Math.floor((n * this.peers.length) / this.known));
    if (peersUpTo === peersBefore) return { services: SERVICES, host: unusedHost(i), port: DEFAULT_PORT };
    const [host, port] = this.addresses[peersBefore];
    return { services: BigInt(this.peers[peersBefore].versionInfo.services), host, port };
  }
}

function unusedHost(i: number): string {
  return `127.${FIRST_UNUSED_RANGE + (i >> 16)}.${(i >> 8) & 0xff}.${i & 0xff}`;
}
