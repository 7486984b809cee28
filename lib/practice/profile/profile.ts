/**
 * Figures of the real network, for lessons that hold the practice network against it: the parts of
 * network-profile.json that they read, each with its date and source.
 */
import profile from "./network-profile.json";

/** How often something was counted, by name. */
type Counts = Record<string, number>;

/** What was recorded of the real network. */
export interface NetworkProfile {
  /** Where each part comes from. */
  sources: Record<string, string>;
  /** A snapshot of bitnodes. */
  snapshot2018: {
    utc: string;
    latestHeight: number;
    rows: number;
    userAgents: { top60: Counts };
    heightLag: Counts;
    connectedAgeSeconds: { oldestSinceUtc: string; within60sOfOldest: number };
    /** Number, name and count of nodes of the forty biggest network operators. */
    asn: { top40: [asn: string | null, name: string | null, count: number][]; null: number };
  };
  snapshot2022: { utc: string; rows: number };
  /** A crawl of a night. */
  overnight2018: {
    window: { firstStart: string };
    addresses: { attempted: number; answeredVersion: number };
    /** Quantiles, by probability. */
    versionMessages: { clockSkewSeconds: { addresses: number; firstPerAddress: Counts; beyond60s: number } };
  };
  /** A crawl of five minutes, whose list wrote some addresses in two ways. */
  fiveMinutes2019: {
    medianTimestamp: string;
    distinctIpPortText: number;
    distinctAfterUnmappingIpv4: number;
  };
  pcap2022: { files: { from: string }[] };
  teachable: {
    "networkLimitedBit10ByCoreVersion2018[without,with]": Record<string, [without: number, with_: number]>;
    "torByCoreVersion2022[clearnet,onion]": Record<string, [clearnet: number, onion: number]>;
    /** What 36 peers answered to `getaddr`. */
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
  };
}

/** Statistics of recorded Bitcoin mainnet data, 2017 to 2026: figures only, no node's address. */
export const NETWORK_PROFILE: NetworkProfile = profile as unknown as NetworkProfile;
