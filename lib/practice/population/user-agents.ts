/**
 * By which names the peers go: those of network-profile.json, as often as there.
 *
 * Peers with an IP address run what ran in August 2018. Nodes behind Tor run what ran there in 2022,
 * and so does every fiftieth peer: 0.21 was the first release to reach Tor's addresses of version 3,
 * and one can see that only next to nodes that run the same and are not behind Tor.
 */
import profile from "../profile/network-profile.json";
import type { Weighted } from "../../util/random";

interface Recorded {
  top60: Record<string, number>;
  otherTotal: number;
  tailSample: string[];
}

/** The user agents of a recorded snapshot with their counts; what the profile sums up as "other" is shared by its sample. */
function userAgentsOf({ top60, otherTotal, tailSample }: Recorded): Weighted<string> {
  const rest = tailSample.map((userAgent) => [userAgent, otherTotal / tailSample.length] as const);
  return [...Object.entries(top60), ...rest];
}

/** User agents of the nodes with an IP address. */
export const USER_AGENTS: Weighted<string> = userAgentsOf(profile.snapshot2018.userAgents);

const recorded2022 = profile.snapshot2022;
/** By release, how many nodes had an IP address and how many an onion address in 2022. */
const BY_NETWORK = profile.teachable["torByCoreVersion2022[clearnet,onion]"] as unknown as Record<
  string,
  [clearnet: number, onion: number]
>;
/** Releases that reach Tor's version 3 addresses: 0.21 was the first. */
const REACHES_TOR = /^\/Satoshi:(0\.21|2\d)\./;

/** User agents of 2022 that reach Tor, as often as with an IP address (0), or behind Tor (1). */
function userAgentsOf2022(network: 0 | 1): [string, number][] {
  const fitting = userAgentsOf(recorded2022.userAgents).filter(([userAgent]) => REACHES_TOR.test(userAgent));
  return fitting.map(([userAgent, count]) => {
    const counts = BY_NETWORK[REACHES_TOR.exec(userAgent)![1]] ?? [1, 1];
    return [userAgent, (count * counts[network]) / (counts[0] + counts[1])];
  });
}

/** User agents behind Tor: 2022's, since version 3 onion addresses need 0.21 or newer. */
export const ONION_USER_AGENTS: Weighted<string> = userAgentsOf2022(1);

/** How many nodes behind Tor there are for each peer. */
export const ONIONS_PER_PEER = 0.03;

const newer = userAgentsOf2022(0);
const total = (userAgents: Weighted<string>) => userAgents.reduce((sum, [, count]) => sum + count, 0);

/** Share of the peers whose software is as new as that of the nodes behind Tor, which makes the two as many to each other as in 2022. */
export const NEWER_SHARE: number = (ONIONS_PER_PEER * total(newer)) / total(ONION_USER_AGENTS);

/** Names that are none, or nobody's, as often among all peers as in 2022. */
const ODD = recorded2022.userAgents.tailSample.filter((userAgent) => !/oshi:|ABC/.test(userAgent));
const oddShare =
  recorded2022.userAgents.otherTotal / recorded2022.userAgents.tailSample.length / recorded2022.rows;

/** User agents of those peers. */
export const NEWER_USER_AGENTS: Weighted<string> = [
  ...newer,
  ...ODD.map((userAgent) => [userAgent, (oddShare / NEWER_SHARE) * total(newer)] as const),
];
