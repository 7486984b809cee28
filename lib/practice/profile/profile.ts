/**
 * Figures of the real network, with which lessons compare the practice network.
 *
 * The types list the parts of the JSON files that lessons read; the files have dates and sources.
 */
import profile from "./network-profile.json";
import profile2026 from "./network-profile-2026.json";

/** How often each name was counted. */
type Counts = Record<string, number>;

/** Figures recorded from the real network. */
interface NetworkProfile {
  /** The source of each part. */
  sources: Record<string, string>;
  /** A bitnodes snapshot. */
  snapshot2018: {
    utc: string;
    latestHeight: number;
    rows: number;
    family: Counts;
    /** How many nodes have a bit, by number and name: `6:COMPACT_FILTERS`. */
    serviceBits: Counts;
    userAgents: { top60: Counts };
    heightLag: Counts;
    connectedAgeSeconds: { oldestSinceUtc: string; within60sOfOldest: number };
    /** AS number, name and node count of the forty largest network operators. */
    asn: { top40: [asn: string | null, name: string | null, count: number][]; null: number };
  };
  snapshot2022: { utc: string; rows: number };
  /** A crawl that ran overnight. */
  overnight2018: {
    window: { firstStart: string };
    addresses: { attempted: number; answeredVersion: number };
    /** `firstPerAddress` has quantiles, by probability. */
    versionMessages: { clockSkewSeconds: { addresses: number; firstPerAddress: Counts; beyond60s: number } };
  };
  /** A crawl of five minutes, whose list had some IPv4 addresses twice: plain, and mapped to IPv6. */
  fiveMinutes2019: {
    medianTimestamp: string;
    distinctIpPortText: number;
    distinctAfterUnmappingIpv4: number;
  };
  pcap2022: { files: { from: string }[] };
  teachable: {
    "networkLimitedBit10ByCoreVersion2018[without,with]": Record<string, [without: number, with_: number]>;
    "torByCoreVersion2022[clearnet,onion]": Record<string, [clearnet: number, onion: number]>;
    /** The answers of 36 peers to `getaddr`. */
    captureRecapture2022: {
      "fullReplies(1000 each, 36 different peers)": number;
      distinct: number;
      meanPairOverlap: number;
      lincolnPetersen: number;
      "inReachableSnapshotOf2022-09-13": number;
    };
    "crawlVsSnapshot2018(ipv4 dialled 20 days later)[answered,not]": {
      inSnapshot: [answered: number, not: number];
      notInSnapshot: [answered: number, not: number];
    };
    frozenHeights: Record<string, Counts>;
    /** Nodes that say they speak BIP 324; `source` is a key of `sources`. KIT's are of its most frequent services. */
    "v2Transport[when,source,with bit 11,of]": [when: string, source: string, withBit: number, of: number][];
    /** A share that was quoted without its counts. */
    "v2TransportQuoted[when,source,share]": [when: string, source: string, share: number];
  };
}

/** Statistics of recorded Bitcoin mainnet data, 2017 to 2026: figures only, no node's address. */
export const NETWORK_PROFILE: NetworkProfile = profile as unknown as NetworkProfile;

/** Shares by network: `clearnet` (with an IP address), `tor`, `i2p`; some have `all` too. */
type Shares = Record<string, number>;

/** Figures of 2026. What was not counted is under `estimated`, with its reasoning. */
interface NetworkProfile2026 {
  sources: Record<string, string>;
  census2026: {
    what: string;
    "shares2026-10-10": {
      networkOfAllDialled: Shares;
      compactFiltersOfAnswered: Shares;
      /** `Core`, `Knots`, `btcd`, `other`. */
      familiesOfAnswered: Shares;
      "knotsWithCompactFilters[atTip,stuckAtSplit,otherwiseBehind,aheadOfTip]": [
        atTip: number,
        stuck: number,
        behind: number,
        ahead: number,
      ];
    };
  };
  /** Nodes of one owner, all with one name and one operator. */
  fleet2026: { userAgent: string; "shareOfClearnet2026-07": number };
  /** Which services the nodes offer; the counts are of `rows` nodes. */
  estimated: {
    what: string;
    rows: number;
    services: { serviceBits: Counts; reasoning: string };
  };
}

/** Statistics of Bitcoin mainnet of 2025 and 2026: figures only, no node's address. */
export const NETWORK_PROFILE_2026: NetworkProfile2026 = profile2026 as unknown as NetworkProfile2026;
