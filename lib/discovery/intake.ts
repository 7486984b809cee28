/**
 * What becomes of the addresses that a discovery hears: most have been heard before, some are stale, some may
 * not be called, and the rest goes to the frontier.
 *
 * Memory is bounded by the addresses that the frontier has. What is refused is not remembered, so a peer that
 * invents addresses without end fills nothing but its own answer.
 */
import type { Rumours } from "../crawl/crawl";
import type { AddressTuple } from "../peer/address";
import { type Lane, laneOf } from "../peer/lane";
import type { KnownAddress } from "../wire/addr";
import { addressKey, type AddressKey } from "../wire/address-key";
import { type CallRule, groupOf } from "./call-rules";
import { isFresh } from "./fresh-addresses";
import { KeySet } from "./key-set";
import type { AddressFrontier } from "./frontier";
import { hasService } from "../wire/services";

/** The bounds of a discovery. */
export interface IntakeLimits {
  mayCall: CallRule;
  /** Addresses not seen for so long, in seconds, are not called. */
  maxAgeSeconds: number;
  /** How many addresses the frontier takes. */
  maxAddresses: number;
  /** How many addresses of one /24 or /64 it takes. */
  maxPerGroup: number;
  /** The numbers of the networks that are called, as in BIP 155. */
  networks: ReadonlySet<number>;
  /** Called with the number of its network when an address is new that is in another network. */
  onElsewhere: (networkId: number) => void;
  /** Whether peers are called in v2. */
  v2: boolean;
  /** Returns the time at which addresses are heard: Unix time in seconds. */
  unixSeconds: () => number;
  /** Called with each new address before it is called. */
  onNew: (address: AddressTuple) => void;
}

/** How many addresses there are of each /24 or /64. */
type Groups = Map<string, number>;

/** Between a crawl that asks and a frontier: gives it addresses to call, and takes what their peers name. */
export class Intake implements Rumours {
  /** The keys of addresses that the frontier has: a mention of one of these costs nothing but this look. */
  private readonly passedOn = new KeySet();
  /** The keys of addresses in networks that are not called: as many as the frontier takes, at most. */
  private readonly elsewhere = new KeySet();
  /** The keys of addresses that wait, and of which was said that they do not speak v2. */
  private readonly inClear = new Set<AddressKey>();
  private readonly groups: Groups = new Map();
  /** By lane, addresses that the frontier has given out and that wait here: not each frontier knows lanes. */
  private readonly putAside: Readonly<Record<Lane, AddressTuple[]>> = { ip: [], tor: [], i2p: [] };
  private isClosed = false;

  /** `known` are addresses that the frontier has already: they count, and are not called again. */
  constructor(
    private readonly frontier: AddressFrontier,
    private readonly limits: IntakeLimits,
    known: Iterable<AddressTuple> = [],
  ) {
    for (const address of known) this.note(keyOf(address), this.groupOf(address));
  }

  get isEmpty(): boolean {
    return this.isClosed || this.frontier.isDone;
  }

  listen(onChange: () => void): void {
    this.frontier.listen?.(onChange);
  }

  take(lanes: readonly Lane[]): AddressTuple | undefined {
    if (this.isClosed) return undefined;
    for (const lane of lanes) {
      const address = this.putAside[lane].pop() ?? this.nextOf(lane);
      if (address) return address;
    }
    return undefined;
  }

  private nextOf(lane: Lane): AddressTuple | undefined {
    for (;;) {
      const address = this.frontier.next(lane);
      if (!address || laneOf(address) === lane) return address;
      this.putBack(address);
    }
  }

  putBack(address: AddressTuple): void {
    this.putAside[laneOf(address)].push(address);
  }

  close(): void {
    this.isClosed = true;
  }

  /**
   * Returns whether an address of gossip is wanted: new, fresh, and there is room for it. Nearly all mentions are
   * of known addresses, which cost a look into a set.
   */
  isWanted(time: number, key: AddressKey, networkId: number): boolean {
    const { maxAgeSeconds, maxAddresses, networks, unixSeconds } = this.limits;
    const isCalled = networks.has(networkId);
    if ((isCalled ? this.passedOn : this.elsewhere).has(key)) return false;
    if (!isFresh(time, unixSeconds(), maxAgeSeconds)) return false;
    if (isCalled) return this.frontier.heardOf < maxAddresses;
    if (this.elsewhere.size < maxAddresses && !this.passedOn.has(key)) this.noteElsewhere(key, networkId);
    return false;
  }

  private noteElsewhere(key: AddressKey, networkId: number): void {
    this.elsewhere.add(key);
    this.limits.onElsewhere(networkId);
  }

  onAddresses(addresses: readonly KnownAddress[]): void {
    for (const { host, port, services } of addresses) this.offer([host, port], services);
  }

  /** Returns false, once, for an address of which peers say that it does not speak v2; otherwise undefined. */
  speaksV2(address: AddressTuple): false | undefined {
    return this.inClear.delete(keyOf(address)) ? false : undefined;
  }

  /**
   * Passes an address on to the frontier, if it may be called and there is room for it. `services` is what was
   * said of its node.
   */
  offer(address: AddressTuple, services?: bigint): void {
    const { mayCall, maxAddresses, maxPerGroup, onNew } = this.limits;
    if (this.frontier.heardOf >= maxAddresses || !mayCall(address)) return;
    const group = this.groupOf(address);
    if ((this.groups.get(group) ?? 0) >= maxPerGroup) return;
    const key = keyOf(address);
    if (!this.frontier.add(address)) return void this.passedOn.add(key);
    if (this.limits.v2 && services !== undefined && !hasService(services, "P2P_V2")) this.inClear.add(key);
    this.note(key, group);
    onNew(address);
  }

  /** Returns the /24 or /64 of an address, if there is a bound for them. */
  private groupOf(address: AddressTuple): string {
    return this.limits.maxPerGroup < Infinity ? groupOf(address) : "";
  }

  /** Remembers an address that the frontier has, by its key, and counts it. */
  private note(key: AddressKey, group: string): void {
    this.passedOn.add(key);
    if (group !== "") this.groups.set(group, (this.groups.get(group) ?? 0) + 1);
  }
}

function keyOf([host, port]: AddressTuple): AddressKey {
  return addressKey({ host, port });
}
