/**
 * The software of October 2026, and the fields of a version message that depend on it.
 *
 * Measured (census of 10 October 2026): how many nodes run Bitcoin Core, Knots, btcd and others, the share
 * with compact filters by network, the height of the best chain. Everything else is estimated, as
 * network-profile-2026.json says with its reasons: names within Core and Knots, and patterns of services.
 */
import type { VersionInfo } from "../behaviour/version-info";
import profile from "../profile/network-profile-2026.json";
import older from "../profile/network-profile.json";
import { type Random, totalWeight, type Weighted } from "../../util/random";
import { SERVICE_BITS } from "../../wire/services";
import { CLOCK_SKEWS } from "./version-info";

/** The networks by which the census counts. */
type CensusNetwork = "clearnet" | "tor" | "i2p";

/** The height of the best chain on 10 October 2026. */
export const TIP_2026: number = profile.census2026.days["2026-10-10"].observedTip;
/**
 * The last block of the chain for nodes that enforce BIP 110, which refuse the next one because it does not
 * signal. Where a node of these stands exactly was not published: all of ours stand here.
 */
const STUCK_HEIGHT: number = profile.bip110.mandatorySignallingHeights[0] - 1;
/** The height of the chain that changed its proof of work, as of 5 October 2026. It is ahead of the best one. */
const BLAKE2B_TIP: number = profile.blake2bFork["tip[utc,height]"][3][1] as number;

/** The one name of the fleet: 900 to 956 nodes of one owner with one operator, in July 2026. */
const FLEET_USER_AGENT = profile.fleet2026.userAgent;
/** The defaults of its release, since nobody has published what its nodes offer. */
const FLEET_SERVICES = [
  SERVICE_BITS.NETWORK,
  SERVICE_BITS.WITNESS,
  SERVICE_BITS.NETWORK_LIMITED,
  SERVICE_BITS.P2P_V2,
].reduce((services: number, bit) => services + 2 ** bit, 0);
/** The profile counts the fleet's nodes with all others of the name, as many as there were at most. */
const FLEET_COUNT = profile.fleet2026.nodesAtOnce[1];

/** Nodes of one kind of software, by the chain that they follow. */
interface Kind {
  userAgent: RegExp;
  protocolVersion: number;
  services: Weighted<number>;
  /** The height of a chain of its own. Without it, the kind follows the best chain. */
  height?: number;
  /** Whether it may offer compact filters: then the network decides how often it does. */
  offersFilters?: true;
}

const { counts } = profile.estimated.services;
const FILTERS_BIT = 2 ** SERVICE_BITS.COMPACT_FILTERS;

/** Returns patterns of services with their counts, those with and without compact filters taken together. */
function withoutFilters(patterns: Record<string, number>): [number, number][] {
  return Object.entries(patterns).map(([services, count]) => [Number(services) & ~FILTERS_BIT, count]);
}

const speaksV2 = ([services]: readonly [number, number]) => (services & (2 ** SERVICE_BITS.P2P_V2)) !== 0;
/** The patterns of Core's nodes without those of the fleet. */
const CORE = withoutFilters(counts["Core (17205)"]).map(
  ([services, count]) => [services, services === FLEET_SERVICES ? count - FLEET_COUNT : count] as const,
);
const IN_CLEAR = CORE.filter((pattern) => !speaksV2(pattern));
/** Bitcoin Core speaks v2 unasked since release 27. */
const BEFORE_V2 = /^\/Satoshi:(0\.\d+|2[2-6])\./;

const { counts: names } = profile.estimated.userAgents;
const nodesBeforeV2 = totalWeight(Object.entries(names).filter(([name]) => BEFORE_V2.test(name)));
/** Of the nodes that do not speak v2, the share whose release would. */
const switchedOff = 1 - nodesBeforeV2 / totalWeight(IN_CLEAR);
const SINCE_V2: Weighted<number> = [
  ...CORE.filter(speaksV2),
  ...IN_CLEAR.map(([services, count]) => [services, count * switchedOff] as const),
];

/** Kinds of software. A user agent is of the first kind that matches it. */
const KINDS: readonly Kind[] = [
  {
    // Changed the proof of work; blocks came faster than on the best chain.
    userAgent: /^\/Satoshi:29\.4\.[12][/(].*Knots/,
    protocolVersion: 70016,
    services: withoutFilters(counts["Knots on the BLAKE2b chain (576), bit 28"]),
    height: BLAKE2B_TIP,
    offersFilters: true,
  },
  {
    userAgent: /UASF-BIP110|29\.3\.0\/Knots:20260508/,
    protocolVersion: 70016,
    services: withoutFilters(counts["Knots stuck at the split (867), bit 27"]),
    height: STUCK_HEIGHT,
    offersFilters: true,
  },
  {
    userAgent: /Knots/,
    protocolVersion: 70016,
    services: withoutFilters(counts["Knots at the tip (2097)"]),
    offersFilters: true,
  },
  // As btcd 0.26.2 itself says (lib/recordings/).
  { userAgent: /btcd|utreexod/, protocolVersion: 70016, services: [[1101, 1]] },
  { userAgent: /^\/Satoshi:25\.1\.0\(FutureBit/, protocolVersion: 70016, services: IN_CLEAR },
  { userAgent: /^\/Satoshi:0\.(1\d|20)\./, protocolVersion: 70015, services: IN_CLEAR },
  { userAgent: BEFORE_V2, protocolVersion: 70016, services: IN_CLEAR, offersFilters: true },
  { userAgent: /^\/Satoshi:/, protocolVersion: 70016, services: SINCE_V2, offersFilters: true },
  // All other software.
  { userAgent: /(?:)/, protocolVersion: 70016, services: [[1033, 1]] },
];

function kindOf(userAgent: string): Kind {
  return KINDS.find((kind) => kind.userAgent.test(userAgent))!;
}

/** Returns whether this software sends the feature messages of BIPs 155 and 339. */
export function isModern2026(userAgent: string): boolean {
  return kindOf(userAgent).protocolVersion >= 70016;
}

const OTHERS = "(other names)";
const rare = profile.userAgentOddities2026.filter((name) => name.startsWith("/") && !(name in names));
/** The names of all nodes but those of the fleet, with their counts. */
const USER_AGENTS: Weighted<string> = [
  ...Object.entries(names)
    .filter(([name]) => name !== OTHERS)
    .map(([name, count]) => [name, name === FLEET_USER_AGENT ? count - FLEET_COUNT : count] as const),
  ...rare.map((name) => [name, names[OTHERS] / rare.length] as const),
];

/** Releases that know the addresses of a network: 0.21 was the first for Tor v3, 22 for I2P. */
const KNOWS: Record<CensusNetwork, RegExp> = {
  clearnet: /(?:)/,
  tor: /^(?!\/Satoshi:0\.(1\d|20)\.)/,
  i2p: /^(?!\/Satoshi:0\.)/,
};

/** By network, the names that occur there. Names were not counted by network: the same ones, as far as they can. */
const NAMES: Record<CensusNetwork, Weighted<string>> = {
  clearnet: USER_AGENTS,
  tor: USER_AGENTS.filter(([name]) => KNOWS.tor.test(name)),
  i2p: USER_AGENTS.filter(([name]) => KNOWS.i2p.test(name)),
};

/** By network, the probability of compact filters in software that may offer them. */
const FILTER_SHARES = Object.fromEntries(
  (["clearnet", "tor", "i2p"] as const).map((network) => {
    const offering =
      totalWeight(NAMES[network].filter(([name]) => kindOf(name).offersFilters)) /
      totalWeight(NAMES[network]);
    const fleet = network === "clearnet" ? profile.fleet2026["shareOfClearnet2026-07"] : 0;
    const share = profile.census2026["shares2026-10-10"].compactFiltersOfAnswered[network];
    return [network, share / (offering * (1 - fleet))];
  }),
) as Record<CensusNetwork, number>;

const { heightLag, rows } = older.snapshot2022;
const { counts: lagCounts } = profile.estimated.heightLag;
const far =
  lagCounts["behind>100"] - totalWeight(Object.entries(counts["Knots stuck at the split (867), bit 27"]));
/** How many blocks nodes on the best chain are behind the tip: up to 100 as in 2022. Undefined: height 0. */
const LAGS: Weighted<readonly [low: number, high: number] | undefined> = [
  [undefined, heightLag["unknown(height 0)"] / rows],
  [[0, 0], heightLag.exactTip / rows],
  [[1, 2], heightLag.behind1to2 / rows],
  [[3, 100], heightLag.behind3to100 / rows],
  [[101, 10_000], (0.3 * far) / profile.estimated.rows],
  [[10_001, 900_000], (0.7 * far) / profile.estimated.rows],
];

function drawHeight(random: Random, { height }: Kind): number {
  const lag = random.pick(LAGS);
  if (height !== undefined) return height;
  return lag ? TIP_2026 - random.integer(...lag) : 0;
}

/** Draws the version information of a node in this network; with `userAgent`, of one that has this name. */
export function drawVersionInfo2026(
  random: Random,
  clock: Random,
  network: CensusNetwork,
  userAgent: string = random.pick(NAMES[network]),
): VersionInfo {
  const kind = kindOf(userAgent);
  const services = random.pick(kind.services);
  const hasFilters = random.chance(FILTER_SHARES[network]) && kind.offersFilters;
  return {
    version: kind.protocolVersion,
    services: hasFilters ? services | FILTERS_BIT : services,
    userAgent,
    startHeight: drawHeight(random, kind),
    relay: true,
    clockSkewSeconds: clock.integer(...clock.pick(CLOCK_SKEWS)),
  };
}

/** Draws the version information of a node of the fleet, which all say the same. */
export function drawFleetVersionInfo(random: Random, clock: Random): VersionInfo {
  const usual = drawVersionInfo2026(random, clock, "clearnet", FLEET_USER_AGENT);
  return { ...usual, services: FLEET_SERVICES, startHeight: TIP_2026 };
}
