/**
 * The population of 2026: the census of 10 October 2026, and what else was published of that year.
 *
 * Half of the nodes are behind Tor, a sixth are in I2P. A tenth of those with an IP address belong to one
 * owner: one name, with one operator. Some of Knots are stuck at a split, some follow a chain of their own
 * ahead of the best one. What is estimated is marked so in network-profile-2026.json.
 */
import { quantilesOf, type Random, totalWeight, type Weighted } from "../../util/random";
import { i2pHost, torV3Host } from "../../wire/overlay-hosts";
import older from "../profile/network-profile.json";
import profile from "../profile/network-profile-2026.json";
import type { OverlayKind, PopulationModel } from "./model";
import type { OverlayPeer, Peer } from "./nodes";
import { BEHIND_TOR } from "./onions";
import { countriesOfOperator, type OperatorCounts, Operators } from "./operators";
import { type CountryCounts, countryCountsOf, drawPlace } from "./places";
import { drawPort, portsOf } from "./ports";
import { drawFleetVersionInfo, drawVersionInfo2026, isModern2026, TIP_2026 } from "./software-2026";

const FLEET_ASN = "AS63949";
const FLEET_OPERATOR = { asn: FLEET_ASN, organization: "AKAMAI-LINODE-AP" };
const FLEET_SHARE = profile.fleet2026["shareOfClearnet2026-07"];
const FLEET_COUNTRIES = countriesOfOperator(FLEET_ASN);
/** How many addresses a node of the fleet tells. The source says "few": the numbers are a guess. */
const FEW_ADDRESSES = [15, 40] as const;

const { reachableFamily, reachable, portsOfReachable } = profile.clearnetScans2026.days["2026-07-08"];
/** The families of all but the fleet, which has IPv4 alone. */
const FAMILIES: Weighted<Peer["family"]> = [
  ["ipv4", reachableFamily.ipv4 - FLEET_SHARE * reachable],
  ["ipv6", reachableFamily.ipv6],
];

const COUNTRIES_2022 = countryCountsOf(older.snapshot2022);
/** The countries that the source names, and the others as in 2022. */
const COUNTRIES: CountryCounts = (() => {
  const { "(rest of unique addresses)": rest, ...named } =
    profile.estimated.countries["counts(clearnet, of 10011)"];
  const others = Object.entries(COUNTRIES_2022).filter(([code]) => code !== "null" && !(code in named));
  const total = totalWeight(others);
  return { ...named, ...Object.fromEntries(others.map(([code, count]) => [code, (count / total) * rest])) };
})();
const COUNTRY_WEIGHTS = Object.entries(COUNTRIES);

/** By the name that the source cuts short, the AS numbers of the operators that it counts. */
const AS_NUMBERS: Record<string, string> = {
  "HETZNER-AS, DE": "AS24940",
  "OVH, FR": "AS16276",
  "COMCAST-7922, US": "AS7922",
  "AMAZON-02, US": "AS16509",
  "AKAMAI-LINODE-AP Ak...": "AS63949",
  "DIGITALOCEAN-ASN, U...": "AS14061",
  "ATT-INTERNET4, US": "AS7018",
  "CONTABO, DE": "AS51167",
  "GOOGLE-CLOUD-PLATFO...": "AS396982",
};

/** The operators that were counted in October 2025, and others of 2022, grown as their countries have. */
const LARGEST: OperatorCounts = (() => {
  const counted = Object.entries(profile["kit2025-10"]["asDescription(ten named)"]).flatMap(
    ([name, counts]) => (name in AS_NUMBERS ? [[AS_NUMBERS[name], counts[1]!] as const] : []),
  );
  const now = new Map<string, number>(counted);
  const growthOf = (asn: string) => {
    const countries = countriesOfOperator(asn);
    const total = totalWeight(countries);
    return countries.reduce(
      (sum, [code, weight]) => sum + (weight / total) * (COUNTRIES[code] / COUNTRIES_2022[code]),
      0,
    );
  };
  return (older.snapshot2022.asn.top40 as [string, string, number][])
    .filter(([asn]) => asn !== "TOR")
    .map(([asn, name, count]) => [asn, name, now.get(asn) ?? count * growthOf(asn)] as const);
})();
const OPERATORS = new Operators(LARGEST, COUNTRIES, 0);

const clearnet2022 = older.snapshot2022.family.ipv4 + older.snapshot2022.family.ipv6;
const NO_CITY_SHARE = (older.snapshot2022.nulls.city - older.snapshot2022.family.torv3) / clearnet2022;

const CONNECTED_AT_LEAST: Record<string, number> =
  profile["kit2025-10"]["connectedAtLeast[share, median of 60 days to 2025-10-18]"];
/** How long connections last; the longest was not published, and is a guess. */
const AGES = quantilesOf({
  "0": 0,
  ...Object.fromEntries(
    Object.entries({ "60 s": 60, "1 h": 3600, "1 d": 86_400, "7 d": 604_800, "30 d": 2_592_000 }).map(
      ([name, seconds]) => [1 - CONNECTED_AT_LEAST[name], seconds],
    ),
  ),
  "1": 90 * 86_400,
});

const { clearnet, tor, i2p } = profile.census2026["shares2026-10-10"].networkOfAllDialled;
const PER_PEER: Record<OverlayPeer["network"], number> = { tor: tor / clearnet, i2p: i2p / clearnet };

/** I2P has no ports. */
const TOR_PORTS = portsOf(profile.estimated.ports.tor);

const {
  services: entryServices,
  family: entryFamilies,
  "ageSeconds(to the newest entry)": entryAges,
} = profile["addressBookSample2026-03"];

/** After the flood of April 2026, one monitor saw so many addresses in a day for each node that there was. */
const KNOWN_PER_PEER =
  profile.addrFlood2026.uniqueAddressesADay.after / profile.census2026.days["2026-10-10"].dialled;
/** In an address book of March 2026 there were about as many onion addresses as IP addresses. */
const KNOWN_OVERLAY_PER_NODE =
  (KNOWN_PER_PEER * entryFamilies.onion) /
  (entryFamilies.ipv4 + entryFamilies.ipv6) /
  (PER_PEER.tor + PER_PEER.i2p);
/** Of all endpoints of a list of September 2026, 4 were in CJDNS. Nobody here plays them: they are only told of. */
const CJDNS_SHARE = 4 / 26_695;

export const MODEL_2026: PopulationModel = {
  tip: TIP_2026,
  ports: portsOf(portsOfReachable),
  mappedDuplicateShare: 0,
  noHostnameShare: older.snapshot2022.hostname.equalsIp / clearnet2022,
  gossip: {
    ages: quantilesOf(entryAges),
    oldestQuantile: 1,
    knownPerPeer: KNOWN_PER_PEER,
    strangersServices: Object.entries(entryServices).map(([services, count]) => [Number(services), count]),
    overlayStrangers: {
      tor: [KNOWN_OVERLAY_PER_NODE - 1, 1],
      cjdns: [CJDNS_SHARE * KNOWN_OVERLAY_PER_NODE, 1],
      // Made up: readers of addrv2 have to live with networks that they do not know.
      unknown: [CJDNS_SHARE * KNOWN_OVERLAY_PER_NODE, 1],
    },
  },
  drawKind(streams) {
    const isInFleet = streams.fleet.chance(FLEET_SHARE);
    const { software, clock } = streams;
    const place = drawPlace(streams.place, isInFleet ? FLEET_COUNTRIES : COUNTRY_WEIGHTS, NO_CITY_SHARE);
    const family = streams.family.pick(FAMILIES);
    const operator = OPERATORS.draw(streams.operator, place.country);
    if (!isInFleet)
      return { versionInfo: drawVersionInfo2026(software, clock, "clearnet"), family, place, operator };
    return {
      versionInfo: drawFleetVersionInfo(software, clock),
      family: "ipv4",
      place,
      operator: FLEET_OPERATOR,
      addressesToTell: streams.fleet.integer(...FEW_ADDRESSES),
    };
  },
  drawAge: (random) => Math.round(random.quantile(AGES)),
  drawOverlay(stream, peers) {
    const streams = { tor: stream("tor"), i2p: stream("i2p") };
    const mixed = stream("overlay");
    const length = Math.round(peers * (PER_PEER.tor + PER_PEER.i2p));
    const isOnion = PER_PEER.tor / (PER_PEER.tor + PER_PEER.i2p);
    return Array.from({ length }, () => {
      const network = mixed.chance(isOnion) ? "tor" : "i2p";
      return drawOverlayKind(streams[network], network);
    });
  },
  isModern: isModern2026,
};

const IN_I2P = { ...BEHIND_TOR, asn: null, organization: "I2P network" };

/** Draws a node behind Tor or in I2P, with a name of random bytes, for which no private key is known. */
function drawOverlayKind(random: Random, network: OverlayPeer["network"]): OverlayKind {
  const name = random.bytes(32);
  return {
    network,
    host: network === "tor" ? torV3Host(name) : i2pHost(name),
    port: network === "tor" ? drawPort(random, TOR_PORTS) : 0,
    versionInfo: drawVersionInfo2026(random, random, network),
    listing: {
      ...(network === "tor" ? BEHIND_TOR : IN_I2P),
      connectedSeconds: Math.round(random.quantile(AGES)),
      hostname: null,
    },
  };
}
