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
import { ADDRESS_LENGTH, type KnownAddress, MAX_ADDRESSES, writeKnownAddress } from "../../wire/addr";
import { ByteWriter } from "../../wire/bytes";
import { serializePacket } from "../../wire/packet";
import { writeVarInt } from "../../wire/var-int";
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

/** In an `addr` payload, an address begins with its time of 4 bytes. */
const TIME_LENGTH = 4;

/**
 * The addresses that the peers of one network know.
 *
 * All peers may be asked within a second. So an address is written once, and copied into each answer.
 */
export class AddressBooks {
  /** How many addresses the peers know in total, those of the peers included. */
  readonly known: number;
  private readonly numbers: Map<SessionPeer, number>;
  /** The bytes of the addresses that have been in an answer, with the time 0. */
  private readonly entries: Buffer;
  /** For each address, the number of the last answer that holds it; 0 if none does. */
  private readonly drawnBy: Uint32Array;
  private answers = 0;

  constructor(
    private readonly seed: number,
    private readonly peers: readonly SessionPeer[],
    private readonly addresses: readonly AddressTuple[],
  ) {
    this.known = Math.max(peers.length, Math.round(peers.length * KNOWN_PER_PEER));
    this.numbers = new Map(peers.map((peer, i) => [peer, i]));
    this.entries = Buffer.alloc(this.known * ADDRESS_LENGTH);
    this.drawnBy = new Uint32Array(this.known);
  }

  /** Returns the `addr` packet with which `peer` answers `getaddr`. */
  addrPacketOf(peer: SessionPeer): Uint8Array {
    const random = new Random(this.seed, `address book ${this.numbers.get(peer)}`);
    const now = Math.floor(Date.now() / 1000);
    const drawn = this.draw(random);
    const writer = new ByteWriter();
    writeVarInt(writer, drawn.length);
    const payload = Buffer.concat([writer.toBytes(), ...drawn.map((number) => this.entryBytes(number))]);
    for (let offset = payload.length - drawn.length * ADDRESS_LENGTH; offset < payload.length;) {
      offset = payload.writeUInt32LE(now - Math.round(random.quantile(AGES, OLDEST_QUANTILE)), offset);
      offset += ADDRESS_LENGTH - TIME_LENGTH;
    }
    return serializePacket("addr", payload);
  }

  /** Draws the numbers of the addresses that one peer sends, all different. */
  private draw(random: Random): number[] {
    const wanted = Math.min(MAX_ADDRESSES, Math.ceil(this.known * MAX_SHARE));
    const answer = ++this.answers;
    const drawn: number[] = [];
    while (drawn.length < wanted) {
      const number = Math.floor(this.known * random.next() ** SKEW_EXPONENT);
      if (this.drawnBy[number] === answer) continue;
      if (this.drawnBy[number] === 0) this.writeEntry(number);
      this.drawnBy[number] = answer;
      drawn.push(number);
    }
    return drawn;
  }

  private entryBytes(number: number): Buffer {
    return this.entries.subarray(number * ADDRESS_LENGTH, (number + 1) * ADDRESS_LENGTH);
  }

  private writeEntry(number: number): void {
    const writer = new ByteWriter();
    writeKnownAddress(writer, { time: 0, ...this.entry(number) });
    this.entries.set(writer.toBytes(), number * ADDRESS_LENGTH);
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
