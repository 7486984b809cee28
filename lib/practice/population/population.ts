/**
 * Made-up nodes from a seed: the same seed gives the same nodes.
 *
 * Frequencies follow network-profile.json: the snapshot of August 2018, and clocks of a crawl three
 * weeks later. Every fiftieth peer runs software of 2022, as do the nodes behind Tor. Nothing here
 * depends on this machine or on the time: server/ adds addresses and timestamps. A new aspect of a
 * peer is a new line in `drawPeer`, with a stream of random numbers of its own.
 */
import { type VersionInfo, withV2Bit } from "../behaviour/version-info";
import { drawDelay } from "./delays";
import { drawVersionInfo } from "./version-info";
import { BEHAVIOUR_NAMES, behaviourOf, type BehaviourName } from "../behaviour/behaviours";
import profile from "../profile/network-profile.json";
import type { Listing, OverlayPeer, Peer } from "./nodes";
import { drawOnion } from "./onions";
import { drawOperator, type Operator } from "./operators";
import { drawPlace } from "./places";
import { quantilesOf, Random, type Weighted } from "../../util/random";
import { softwareOf } from "./software";
import { NEWER_SHARE, NEWER_USER_AGENTS, ONIONS_PER_PEER, USER_AGENTS } from "./user-agents";

/** The nodes of one seed. */
interface Population {
  peers: Peer[];
  /** Nodes behind Tor or on I2P. */
  overlay: OverlayPeer[];
}

const { ports, connectedAgeSeconds, hostname, rows, family } = profile.snapshot2018;

const FAMILIES: Weighted<Peer["family"]> = [
  ["ipv4", 9],
  ["ipv6", 1],
];
/** The ports of the snapshot; 0 stands for its entry "(other)". */
const PORTS: Weighted<number> = Object.entries(ports).map(([port, count]) => [Number(port) || 0, count]);

/**
 * Makes `count` peers from `seed`, and nodes behind Tor on top.
 *
 * With `behaviours`, all peers have one of these, and there are no nodes behind Tor. `v2Share` is the share
 * of peers that speak v2, if their behaviour allows it.
 */
export function populate(
  seed: number,
  count: number,
  behaviours?: readonly BehaviourName[],
  v2Share: number = V2_SHARE,
): Population {
  const stream = (aspect: string) => new Random(seed, aspect);
  const streams = Object.fromEntries(ASPECTS.map((aspect) => [aspect, stream(aspect)])) as Streams;
  const [onionStream, reachStream] = [stream("onion"), stream("reach")];
  const onionCount = behaviours ? 0 : Math.round(count * ONIONS_PER_PEER);
  const hosts = stream("host").distinct(count, FIRST_HOST, LAST_HOST);
  return {
    peers: hosts.map((hostNumber) => drawPeer(streams, hostNumber, v2Share, behaviours)),
    overlay: Array.from({ length: onionCount }, () => drawOnion(onionStream, reachStream)),
  };
}

/**
 * The share of peers that speak v2 in the years of this population: BIP 324 came with Bitcoin Core 26 of
 * December 2023. By the profile's later figures it was 44% in December 2024, 66% in October 2025 and about
 * 80% in July 2026.
 */
const V2_SHARE = 0;

/** Peers get no address from 127.x.0.0 to 127.x.0.255: 127.x.0.1 is the claim (server/loopback-ranges.ts). */
const FIRST_HOST = 256;
const LAST_HOST = 65_534;
/** The number of host numbers, each used once. */
export const MAX_PEERS = LAST_HOST - FIRST_HOST + 1;

/**
 * The aspects of a peer, each with a stream of random numbers.
 *
 * A renamed aspect would change every network.
 */
const ASPECTS = [
  "family",
  "port",
  "software",
  "clock",
  "place",
  "operator",
  "listing",
  "manner",
  "delay",
  "newer",
  "spelling",
  "v2",
] as const;
type Streams = Record<(typeof ASPECTS)[number], Random>;

function drawPeer(
  streams: Streams,
  hostNumber: number,
  v2Share: number,
  behaviours?: readonly BehaviourName[],
): Peer {
  const usual = drawUsual(streams);
  const place = drawPlace(streams.place);
  const operator = drawOperator(streams.operator, place.country);
  const speaksV2 = streams.v2.chance(v2Share);
  const behaviour = drawBehaviour(streams.manner, { ...usual, speaksV2 }, behaviours);
  const versionInfo = behaviourOf(behaviour).versionInfo?.(usual) ?? usual;
  return {
    family: streams.family.pick(FAMILIES),
    hostNumber,
    port: drawPort(streams.port),
    versionInfo: speaksV2 && behaviourOf(behaviour).v2 ? withV2Bit(versionInfo) : versionInfo,
    listing: { ...place, ...operator, ...drawListing(streams.listing, operator) },
    behaviour,
    delayMs: drawDelay(streams.delay, place),
    variant: streams.manner.next(),
    hasMappedDuplicate: streams.spelling.chance(MAPPED_DUPLICATE_SHARE) && !behaviours,
  };
}

/** Draws version information of 2018, or of 2022 with the clock that the peer would have had in 2018. */
function drawUsual({ software, clock, newer }: Streams): VersionInfo {
  const usual = drawVersionInfo(software, clock, USER_AGENTS);
  if (!newer.chance(NEWER_SHARE)) return usual;
  const { clockSkewSeconds } = usual;
  return { ...drawVersionInfo(newer, newer, NEWER_USER_AGENTS), clockSkewSeconds };
}

const { distinctIpPortText, distinctAfterUnmappingIpv4 } = profile.fiveMinutes2019;
/** The share of nodes that a list of 2019 had twice, as `1.2.3.4` and as `::ffff:1.2.3.4`: about 4%. */
const MAPPED_DUPLICATE_SHARE = distinctIpPortText / distinctAfterUnmappingIpv4 - 1;

/**
 * Draws a port as in the snapshot.
 *
 * Other ports lie below those that operating systems give to outgoing connections.
 */
function drawPort(random: Random): number {
  return random.pick(PORTS) || random.integer(1024, 30_000);
}

const AGES = quantilesOf(connectedAgeSeconds.quantiles);
const OLDEST_AGE = connectedAgeSeconds.quantiles["1"];
/** The share of nodes that connected within the minute in which the snapshot's crawler restarted: a sixth. */
const RESTART_SHARE = connectedAgeSeconds.within60sOfOldest / rows;

function drawAge(random: Random): number {
  if (random.chance(RESTART_SHARE)) return OLDEST_AGE - random.integer(0, 59);
  return Math.round(random.quantile(AGES, 1 - RESTART_SHARE));
}

/** The share of nodes whose hostname in the snapshot is their IP address. */
const NO_HOSTNAME_SHARE = hostname.equalsIp / (rows - family.torv2);

function drawListing(random: Random, operator: Operator): Pick<Listing, "connectedSeconds" | "hostname"> {
  const connectedSeconds = drawAge(random);
  const domain = (operator.organization ?? "unknown")
    .toLowerCase()
    .match(/[a-z0-9]+/g)!
    .slice(0, 2)
    .join("-");
  const name = `node-${random.integer(1, 99_999)}.${domain}.example`;
  return { connectedSeconds, hostname: random.chance(NO_HOSTNAME_SHARE) ? undefined : name };
}

/**
 * Draws a behaviour by its share; with `wanted`, one of these with equal chances.
 *
 * Of the wanted ones, those that do not occur with the peer's software are left out, if others remain.
 */
function drawBehaviour(
  random: Random,
  { userAgent, speaksV2 }: { userAgent: string; speaksV2: boolean },
  wanted?: readonly BehaviourName[],
): BehaviourName {
  const modern = softwareOf(userAgent).modern ?? false;
  const share = (name: BehaviourName) => behaviourOf(name).share(modern, speaksV2);
  if (!wanted) return random.pick(BEHAVIOUR_NAMES.map((name) => [name, share(name)]));
  const fitting = wanted.filter((name) => share(name) > 0 || behaviourOf(name).share(modern, true) > 0);
  return random.pick((fitting.length > 0 ? fitting : wanted).map((name) => [name, 1]));
}
