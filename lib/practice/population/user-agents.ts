/**
 * The user agents of the nodes, with the frequencies of network-profile.json.
 *
 * Most peers with an IP address run software of August 2018. Nodes behind Tor run software of 2022:
 * 0.21 was the first release that supports Tor v3 addresses. Every fiftieth peer runs software of 2022
 * too, so that readers can compare nodes of one release with and without Tor.
 */
import profile from "../profile/network-profile.json";
import { totalWeight, type Weighted } from "../../util/random";

/** The user agents of a snapshot: the most frequent ones with their counts, and a sample of the others. */
interface Recorded {
  top60: Record<string, number>;
  otherTotal: number;
  tailSample: string[];
}

/** Returns the user agents of a snapshot with their counts. The sample shares the count of all others. */
function userAgentsOf({ top60, otherTotal, tailSample }: Recorded): Weighted<string> {
  const rest = tailSample.map((userAgent) => [userAgent, otherTotal / tailSample.length] as const);
  return [...Object.entries(top60), ...rest];
}

/** The user agents of 2018. */
export const USER_AGENTS: Weighted<string> = userAgentsOf(profile.snapshot2018.userAgents);

const recorded2022 = profile.snapshot2022;
/** By release, how many nodes of 2022 had an IP address, and how many an onion address. */
const BY_NETWORK = profile.teachable["torByCoreVersion2022[clearnet,onion]"] as unknown as Record<
  string,
  [clearnet: number, onion: number]
>;
/** Releases that support Tor v3 addresses: 0.21 was the first. */
const SUPPORTS_TOR_V3 = /^\/Satoshi:(0\.21|2\d)\./;

/** Returns the user agents of 2022 that support Tor v3, counted on clearnet (0) or behind Tor (1). */
function userAgentsOf2022(network: 0 | 1): [string, number][] {
  const fitting = userAgentsOf(recorded2022.userAgents).filter(([userAgent]) =>
    SUPPORTS_TOR_V3.test(userAgent),
  );
  return fitting.map(([userAgent, count]) => {
    const counts = BY_NETWORK[SUPPORTS_TOR_V3.exec(userAgent)![1]] ?? [1, 1];
    return [userAgent, (count * counts[network]) / (counts[0] + counts[1])];
  });
}

/** The user agents of nodes behind Tor, all of 2022. */
export const ONION_USER_AGENTS: Weighted<string> = userAgentsOf2022(1);

/** Nodes behind Tor per peer. */
export const ONIONS_PER_PEER = 0.03;

const newer = userAgentsOf2022(0);

/**
 * Share of peers that run 2022 software, chosen so that the ratio of clearnet to Tor nodes is the one
 * measured in 2022.
 */
export const NEWER_SHARE: number = (ONIONS_PER_PEER * totalWeight(newer)) / totalWeight(ONION_USER_AGENTS);

/** User agents in 2022's sample that name no known software, such as `pbtc`. */
const UNKNOWN = recorded2022.userAgents.tailSample.filter((userAgent) => !/oshi:|ABC/.test(userAgent));
/** The share of each among all peers, as in 2022. */
const unknownShare =
  recorded2022.userAgents.otherTotal / recorded2022.userAgents.tailSample.length / recorded2022.rows;

/** The user agents of the peers that run 2022 software. */
export const NEWER_USER_AGENTS: Weighted<string> = [
  ...newer,
  ...UNKNOWN.map((userAgent) => [userAgent, (unknownShare / NEWER_SHARE) * totalWeight(newer)] as const),
];
