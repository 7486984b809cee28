/**
 * The population of 2018: the snapshot of August 2018, and clocks of a crawl three weeks later.
 *
 * Every fiftieth peer runs software of 2022, as do the nodes behind Tor, so that readers can compare nodes
 * of one release with and without Tor. Gossip is that of 2022.
 */
import type { VersionInfo } from "../behaviour/version-info";
import profile from "../profile/network-profile.json";
import { quantilesOf, type Random, type Weighted } from "../../util/random";
import type { PopulationModel, Streams } from "./model";
import type { Peer } from "./nodes";
import { drawOnion } from "./onions";
import { type OperatorCounts, Operators } from "./operators";
import { countryCountsOf, drawPlace } from "./places";
import { portsOf } from "./ports";
import { softwareOf, TIP } from "./software";
import { NEWER_SHARE, NEWER_USER_AGENTS, ONIONS_PER_PEER, USER_AGENTS } from "./user-agents";
import { drawVersionInfo } from "./version-info";

const { ports, connectedAgeSeconds, hostname, rows, family, asn, nulls } = profile.snapshot2018;

const FAMILIES: Weighted<Peer["family"]> = [
  ["ipv4", 9],
  ["ipv6", 1],
];
const COUNTRIES = countryCountsOf(profile.snapshot2018);
const COUNTRY_WEIGHTS = Object.entries(COUNTRIES);
const OPERATORS = new Operators(asn.top40 as unknown as OperatorCounts, COUNTRIES, asn.null / rows);
/** About a third. */
const NO_CITY_SHARE = nulls.city / rows;

const AGES = quantilesOf(connectedAgeSeconds.quantiles);
const OLDEST_AGE = connectedAgeSeconds.quantiles["1"];
/** The share of nodes that connected within the minute in which the snapshot's crawler restarted: a sixth. */
const RESTART_SHARE = connectedAgeSeconds.within60sOfOldest / rows;

const { distinctIpPortText, distinctAfterUnmappingIpv4 } = profile.fiveMinutes2019;

export const MODEL_2018: PopulationModel = {
  tip: TIP,
  ports: portsOf(ports),
  // A list of 2019 had about 4% of its nodes twice, as `1.2.3.4` and as `::ffff:1.2.3.4`.
  mappedDuplicateShare: distinctIpPortText / distinctAfterUnmappingIpv4 - 1,
  noHostnameShare: hostname.equalsIp / (rows - family.torv2),
  gossip: {
    ages: quantilesOf(profile.pcap2022.ageSecondsInFullReplies),
    // Ages above this quantile come from clocks that were not set.
    oldestQuantile: 0.99,
    knownPerPeer: profile.teachable.captureRecapture2022.lincolnPetersen / profile.snapshot2022.rows,
    strangersServices: [[1033, 1]],
    // Made up, so that readers of addrv2 meet every network.
    overlayStrangers: { i2p: [0.3, 5], cjdns: [0.02, 2], unknown: [0.02, 2] },
  },
  drawKind(streams) {
    const place = drawPlace(streams.place, COUNTRY_WEIGHTS, NO_CITY_SHARE);
    return {
      versionInfo: drawUsual(streams),
      family: streams.family.pick(FAMILIES),
      place,
      operator: OPERATORS.draw(streams.operator, place.country),
    };
  },
  drawAge(random) {
    if (random.chance(RESTART_SHARE)) return OLDEST_AGE - random.integer(0, 59);
    return Math.round(random.quantile(AGES, 1 - RESTART_SHARE));
  },
  drawOverlay(stream, peers) {
    const random: Random = stream("onion");
    return Array.from({ length: Math.round(peers * ONIONS_PER_PEER) }, () => drawOnion(random));
  },
  isModern: (userAgent) => softwareOf(userAgent).modern ?? false,
};

/** Draws version information of 2018, or of 2022 with the clock that the peer would have had in 2018. */
function drawUsual({ software, clock, newer }: Streams): VersionInfo {
  const usual = drawVersionInfo(software, clock, USER_AGENTS);
  if (!newer.chance(NEWER_SHARE)) return usual;
  const { clockSkewSeconds } = usual;
  return { ...drawVersionInfo(newer, newer, NEWER_USER_AGENTS), clockSkewSeconds };
}
