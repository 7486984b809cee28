/**
 * The practice network: thousands of Bitcoin nodes and their bitnodes API, on loopback, in one process.
 *
 *  1. take the API's port, and claim a range of addresses
 *  2. listen for every peer that does not refuse connections
 *  3. turn each connection into a `PeerSession`
 *  4. answer questions about DNS seeds that know some of the peers
 *  5. serve a proxy to the nodes behind Tor, and one to those on I2P
 *  6. publish all peers in the API, some of them under two addresses
 */
import type { Socket } from "node:net";
import { formatCount } from "../../util/numbers";
import { openFilesLimit } from "../../util/open-files";
import { AddressBooks } from "../behaviour/address-books";
import { OverlayAddresses } from "../behaviour/overlay-addresses";
import { BEHAVIOUR_NAMES, type BehaviourName } from "../behaviour/behaviours";
import { DEFAULT_POPULATION, POPULATION_NAMES, type PopulationName } from "../population/names";
import { MAX_PEERS, populate } from "../population/population";
import type { OverlayPeer } from "../population/nodes";
import { type Proxies, serveApi } from "./api";
import { type DnsServer, serveDns } from "./dns-server";
import { type GroundTruth, groundTruthOf } from "./ground-truth";
import { type ConnectionCounts, Listeners } from "./listeners";
import { claimRange, LAYOUT, type Layout } from "./loopback-ranges";
import { mappedDuplicates } from "./mapped-duplicates";
import { PracticeError } from "./practice-error";
import { goodPeers, PRACTICE_SEEDS, SeedZone } from "./seed-zone";
import { snapshotsOf } from "./snapshots";
import { serveProxy, type SocksProxy } from "./socks-proxy";

/** What kind of practice network to serve. */
export interface PracticeOptions {
  /**
   * How many peers.
   *
   * Nodes behind Tor or in I2P and mapped duplicates of some addresses come on top. 10,000 if not given.
   */
  peers?: number;
  /** Of which year the nodes are. 2018 if not given. */
  population?: PopulationName;
  /** The same seed gives the same network. 1 if not given. */
  seed?: number;
  /** Factor of the peers' delays: 1 is as in real life, 0 answers at once. 1 if not given. */
  latency?: number;
  /** Port of the API; 0 is any free one. 0 if not given. */
  apiPort?: number;
  /** How many fields per node the API gives. 13 if not given. */
  fields?: 5 | 13;
  /** Whether the API answers 429 from the start. False if not given. */
  throttled?: boolean;
  /**
   * Serves only peers with these behaviours, in equal shares, and no nodes behind Tor or in I2P.
   * All behaviours by their shares if not given.
   */
  behaviours?: readonly BehaviourName[];
  /** Share of peers that speak v2 (BIP 324), from 0 to 1. As in the population's year if not given. */
  v2?: number;
  /** How peers get addresses. As the operating system allows if not given. */
  layout?: Layout;
  /**
   * Which range of 127.0.0.0/8 to have, if it is free: 33 is 127.33.0.0/16.
   *
   * The same seed has the same addresses only in the same range. The first free one if not given.
   */
  range?: number;
}

/** A practice network that is up. */
export interface PracticeNetwork {
  /** Base URL of its API, for `BITNODES_URL`. */
  readonly api: string;
  readonly peers: number;
  readonly population: PopulationName;
  readonly seed: number;
  /** A sentence for the user, if most peers are not on port 8333. */
  readonly note?: string;
  /** Where its SOCKS5 proxies listen, for nodes behind Tor and on I2P: `socks5://127.0.0.1:PORT`. */
  readonly proxies: Proxies;
  /** What a request needs that changes the network's state: `Authorization: Bearer TOKEN`. */
  readonly token: string;
  /** Resolves with the ground truth about every address in the snapshot, in its order. */
  truth(): Promise<GroundTruth[]>;
  /** Resolves with how many connections the peers have had so far, and have now. */
  statistics(): Promise<ConnectionCounts>;
  /** Makes the API answer 429, or turns that off. */
  throttle(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves a practice network in this process.
 *
 * @throws PracticeError whose message says what to do.
 */
export async function servePracticeNetwork(options: PracticeOptions = {}): Promise<PracticeNetwork> {
  const settings = withDefaults(options);
  const { seed, latency, layout } = settings;
  requirePeers(settings.peers);
  requirePopulation(settings.population);
  requireBehaviours(settings.behaviours);
  requireShare(settings.v2);
  requireFiles(settings.peers);
  const { peers, overlay, model } = populate(seed, settings.peers, settings);
  const api = await serveApi(settings);
  const range = await claimRange(layout, settings.range).catch(async (error: unknown) => {
    await api.close();
    throw error;
  });
  const listeners = new Listeners(latency);
  let dns: DnsServer | undefined;
  const proxies: SocksProxy[] = [];
  let closed: Promise<unknown> | undefined;
  const close = async () => {
    const parts = [api, listeners, dns, ...proxies];
    closed ??= Promise.all([range.release(), ...parts.map((part) => part?.close())]);
    await closed;
  };
  try {
    const addresses = await listeners.open(peers, range);
    const overlays = new OverlayAddresses(seed, overlay, model.gossip.overlayStrangers);
    listeners.books = new AddressBooks(seed, peers, addresses, overlays, model.gossip, overlay);
    const listed = peers.map((peer, i) => ({ peer, address: addresses[i] }));
    listed.push(...(await mappedDuplicates(listed)));
    const truth = groundTruthOf(listed, overlay, latency);
    const statistics = () => listeners.statistics();
    const zone = new SeedZone(seed, goodPeers(listed, truth));
    dns = await serveDns(zone);
    for (const network of ["tor", "i2p"] as const) {
      const behind = overlay.filter((peer) => peer.network === network);
      const accept = (peer: OverlayPeer, socket: Socket) => listeners.accept(peer, socket);
      proxies.push(await serveProxy({ network, peers: behind, latency, accept }));
    }
    const [tor, i2p] = proxies.map(({ url }) => url);
    api.publish({
      snapshots: snapshotsOf(listed, overlay, model.tip),
      truth,
      statistics,
      known: listeners.books.known,
      dns: { port: dns.port, names: PRACTICE_SEEDS, nodePort: zone.nodePort },
      proxies: { tor, i2p },
    });
    return {
      api: api.url,
      peers: peers.length,
      population: settings.population,
      seed,
      note: range.note,
      proxies: { tor, i2p },
      token: api.token,
      truth: async () => truth,
      statistics: async () => statistics(),
      throttle: async (on) => api.throttle(on),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Unset = "behaviours" | "range" | "v2";
type Settings = Required<Omit<PracticeOptions, Unset>> & Pick<PracticeOptions, Unset>;

function withDefaults(options: PracticeOptions): Settings {
  const { peers = 10_000, population = DEFAULT_POPULATION, seed = 1, latency = 1, apiPort = 0 } = options;
  const { fields = 13, throttled = false, layout = LAYOUT, behaviours, range, v2 } = options;
  return { peers, population, seed, latency, apiPort, fields, throttled, layout, behaviours, range, v2 };
}

/** Open files besides the listening sockets, including the connections of a small crawl. */
const OTHER_FILES = 256;

/** Throws TOO_FEW_FILES if this process may not open enough files for so many peers. */
function requireFiles(peers: number): void {
  const needed = peers + OTHER_FILES;
  const limit = openFilesLimit();
  if (limit >= needed) return;
  throw new PracticeError(
    "TOO_FEW_FILES",
    `${formatCount(peers)} peers need ${formatCount(needed)} open files, and this machine allows a process ${formatCount(limit)}: use fewer peers (--peers ${Math.max(1, limit - 2 * OTHER_FILES)}), or raise the limit (ulimit -n ${needed})`,
  );
}

function requirePeers(peers: number): void {
  if (Number.isInteger(peers) && peers >= 1 && peers <= MAX_PEERS) return;
  throw new PracticeError("BAD_OPTION", `expected 1 to ${formatCount(MAX_PEERS)} peers, got ${peers}`);
}

function requirePopulation(population: PopulationName): void {
  if (POPULATION_NAMES.includes(population)) return;
  throw new PracticeError(
    "BAD_OPTION",
    `expected a population out of ${POPULATION_NAMES.join(", ")}, got "${String(population)}"`,
  );
}

function requireShare(v2: number | undefined): void {
  if (v2 === undefined || (v2 >= 0 && v2 <= 1)) return;
  throw new PracticeError("BAD_OPTION", `expected a share of peers that speak v2 from 0 to 1, got ${v2}`);
}

function requireBehaviours(behaviours: readonly BehaviourName[] | undefined): void {
  if (!behaviours) return;
  const unknown = behaviours.find((name) => !BEHAVIOUR_NAMES.includes(name));
  if (behaviours.length > 0 && unknown === undefined) return;
  throw new PracticeError(
    "BAD_OPTION",
    `expected behaviours out of ${BEHAVIOUR_NAMES.join(", ")}, got ${unknown === undefined ? "none" : `"${unknown}"`}`,
  );
}
