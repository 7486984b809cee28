/**
 * Finds a network from a few addresses of it: calls them, asks them whom they know, calls those, and so on.
 *
 *  1. the seeds wait in the frontier
 *  2. a crawl takes addresses from there, `concurrency` at a time, and asks each peer for the addresses it
 *     knows (crawl/connection.ts)
 *  3. what they name goes back into the frontier, if it is new and may be called (intake.ts)
 *  4. it is over when nobody waits and nobody is under way: those are the ones who could name somebody new
 */
import { crawlAsking } from "../crawl/crawl";
import type { ProxyOptions } from "../crawl/lanes";
import type { AddressTuple } from "../peer/address";
import type { Visit } from "../peer/visit";
import { NETWORK_ID } from "../wire/network-id";
import type { VersionMessage } from "../wire/version-message";
import { type CallRule, isOnLoopback, orThroughProxy, ruleFor } from "./call-rules";
import { MAX_AGE_SECONDS } from "./fresh-addresses";
import type { AddressFrontier } from "./frontier";
import { Intake } from "./intake";
import { LanedFrontier } from "./laned-frontier";

/** What a discovery can be told beside its seeds. */
export interface DiscoverOptions extends ProxyOptions {
  /** Limit for connecting, for the version message, and for the addresses, in milliseconds. Default: 1,000. */
  timeoutMs?: number;
  /**
   * Whether to call peers encrypted first, as in `crawl`: those of which others say that they speak it (bit 11),
   * and those of which nobody has said anything. Default: false.
   */
  v2?: boolean;
  /** Ends the discovery when aborted. */
  signal?: AbortSignal;
  /** The version message that we send. Default: `ASKING_VERSION_MESSAGE`. */
  versionMessage?: VersionMessage;
  /**
   * Which addresses may be called. Default: those of the public internet, or only those on loopback if all
   * seeds are on loopback; and nodes behind Tor or on I2P if there is a proxy for them.
   */
  mayCall?: CallRule;
  /** Addresses that nobody has seen for so long, in seconds, are not called. Default: 30 days. */
  maxAgeSeconds?: number;
  /** How many addresses are called at most. Default: 1,000,000. */
  maxAddresses?: number;
  /** How many addresses of one /24 or /64 are called at most. Default: 32, and on loopback any number. */
  maxPerGroup?: number;
  /** Keeps the addresses. Default: a new one, in memory. */
  frontier?: AddressFrontier;
  /** Addresses that `frontier` has already: they count for `maxPerGroup`. */
  known?: Iterable<AddressTuple>;
  /** Called with each new address before it is called. */
  onNew?: (address: AddressTuple) => void;
  /**
   * Called when an address is new that is not called because of its network, with the network's number in
   * BIP 155: 4 Tor v3, 5 I2P, 6 CJDNS.
   */
  onElsewhere?: (networkId: number) => void;
}

/** Returns the networks that are called, by their number in BIP 155: IPv4 and IPv6, Tor and I2P by a proxy. */
function networksOf({ proxy, i2pProxy }: ProxyOptions): ReadonlySet<number> {
  const { ipv4, ipv6, torV3, i2p } = NETWORK_ID;
  return new Set([
    ...[ipv4, ipv6],
    ...(proxy === undefined ? [] : [torV3]),
    ...(i2pProxy === undefined ? [] : [i2p]),
  ]);
}

const MAX_ADDRESSES = 1_000_000;
/** How many addresses of one /24 or /64 are called at most, on the public internet. */
export const MAX_PER_GROUP = 32;

/**
 * Visits the seeds, the addresses that they name, those that these name, and so on until nobody new is heard
 * of. Yields each visit as soon as it is over.
 *
 * `heardOf` is the number of addresses heard of by then, the seeds included. Each address is called once,
 * however it is spelled. Leaving the loop early closes every socket.
 *
 * @throws RangeError if `concurrency` or an option is out of range, or if this process may not open that many
 * sockets.
 */
export async function* discover(
  seeds: readonly AddressTuple[],
  concurrency: number,
  options: DiscoverOptions = {},
): AsyncGenerator<Visit & { heardOf: number }, void, undefined> {
  const frontier: AddressFrontier = options.frontier ?? new LanedFrontier();
  const intake = new Intake(frontier, limitsOf(seeds, options), options.known);
  const speaksV2 = (address: AddressTuple) => intake.speaksV2(address);
  for (const seed of seeds) intake.offer(seed);
  for await (const visit of crawlAsking(intake, { ...options, concurrency, speaksV2 })) {
    frontier.finished(visit.address, visit);
    yield Object.assign(visit, { heardOf: frontier.heardOf });
  }
}

function limitsOf(
  seeds: readonly AddressTuple[],
  options: DiscoverOptions,
): ConstructorParameters<typeof Intake>[1] {
  const rule = ruleFor(seeds);
  const { mayCall = orThroughProxy(rule, options), maxPerGroup } = options;
  const { maxAgeSeconds = MAX_AGE_SECONDS, maxAddresses = MAX_ADDRESSES } = options;
  const { onNew = () => {}, onElsewhere = () => {} } = options;
  return {
    mayCall,
    maxAgeSeconds,
    maxAddresses,
    maxPerGroup: maxPerGroup ?? (rule === isOnLoopback ? Infinity : MAX_PER_GROUP),
    networks: networksOf(options),
    v2: options.v2 ?? false,
    unixSeconds: () => Date.now() / 1000,
    onNew,
    onElsewhere,
  };
}
