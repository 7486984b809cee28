/**
 * Whom the peers know: what they answer to `getaddr`.
 *
 * Gossip knows of far more addresses than anybody can call. In 2022 thirty-six peers' full answers
 * pointed at six times as many addresses as there were nodes in a snapshot (network-profile.json),
 * and here there are as many for each peer. Some addresses are told of more than others, so two
 * answers share more than chance would have it. As Bitcoin Core does, a peer tells at most 1000 of
 * them and never more than 23% of what it knows, and tells every caller the same.
 */
import { type AddressTuple, DEFAULT_PORT } from "../../peer/address";
import { quantilesOf, Random } from "../../util/random";
import { AddrMessage, type KnownAddress, MAX_ADDRESSES } from "../../wire/addr";
import { serializePacket } from "../../wire/packet";
import profile from "../profile/network-profile.json";
import type { SessionPeer } from "./version-info";

const AGES = quantilesOf(profile.pcap2022.ageSecondsInFullReplies);
/** The oldest ages of the profile are uninitialised clocks. */
const YOUNGER_THAN = 0.99;
/** Addresses that gossip knows of, for each that can be called. */
export const KNOWN_PER_PEER: number =
  profile.teachable.captureRecapture2022.lincolnPetersen / profile.snapshot2022.rows;
/** MAX_PCT_ADDR_TO_SEND of Bitcoin Core (net_processing.cpp). */
const TOLD_AT_MOST = 0.23;
/** How unequal they are: 1 would tell of all alike; this makes the most talked-about a few times as frequent as the rest. */
const UNEQUAL = 1.4;
/** Blocks of loopback addresses in which no practice network lives: whoever calls there is refused by their own machine. */
const UNUSED_RANGE = 233;
const SERVICES = 1033n;

/** What all peers of a network know together. */
export class AddressBooks {
  /** How many addresses gossip knows of, those of the peers included. */
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

  /** The `addr` packet with which `peer` answers `getaddr`. */
  answerOf(peer: SessionPeer): Uint8Array {
    const random = new Random(this.seed, `address book ${this.numbers.get(peer)}`);
    const now = Math.floor(Date.now() / 1000);
    const addresses = this.draw(random).map((i): KnownAddress => {
      const time = now - Math.round(random.quantile(AGES, YOUNGER_THAN));
      return { time, ...this.entry(i) };
    });
    return serializePacket("addr", new AddrMessage(addresses).toBytes());
  }

  /** Numbers of the addresses that one peer tells of, all different. */
  private draw(random: Random): number[] {
    const wanted = Math.min(MAX_ADDRESSES, Math.ceil(this.known * TOLD_AT_MOST));
    const drawn = new Set<number>();
    while (drawn.size < wanted) drawn.add(Math.floor(this.known * random.next() ** UNEQUAL));
    return [...drawn];
  }

  /** The address of that number: peers stand at even distances among those that nobody can call. */
  private entry(i: number): Omit<KnownAddress, "time"> {
    const [peer, before] = [i + 1, i].map((n) => Math.floor((n * this.peers.length) / this.known));
    if (peer === before) return { services: SERVICES, host: unusedHost(i), port: DEFAULT_PORT };
    const [host, port] = this.addresses[before];
    return { services: BigInt(this.peers[before].versionInfo.services), host, port };
  }
}

function unusedHost(i: number): string {
  return `127.${UNUSED_RANGE + (i >> 16)}.${(i >> 8) & 0xff}.${i & 0xff}`;
}
