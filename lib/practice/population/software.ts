/**
 * What goes with each user agent: protocol version, services, height.
 *
 * Counts come from network-profile.json. What a release supports comes from its history: bloom
 * filters since 0.12, witnesses since 0.13.1, NETWORK_LIMITED (bit 10) since 0.16. Chains that split
 * off kept the network's magic bytes: their nodes are found by a crawl, at heights of their own.
 */
import profile from "../profile/network-profile.json";
import type { Random, Weighted } from "../../util/random";

/** Height of the best chain in the practice network, as in the snapshot. */
export const TIP: number = profile.snapshot2018.latestHeight;

/** What a kind of software has in common. */
export interface Software {
  /** User agents that are of this kind. */
  userAgent: RegExp;
  protocolVersion: Weighted<number>;
  services: Weighted<number>;
  /** Heights of its own chain; without any it follows the best one. */
  heights?: Weighted<number>;
  /** It sends no relay byte (BIP 37). */
  noRelayByte?: true;
  /** It says what BIPs 155 and 339 want said between version and verack. */
  modern?: true;
}

const only = (value: number): Weighted<number> => [[value, 1]];

const FULL_0_16: Weighted<number> = [
  [1037, 5195],
  [1036, 323],
  [1033, 3],
  [1032, 1],
];
const FULL_0_13: Weighted<number> = [
  [13, 3049],
  [12, 193],
  [9, 15],
  [67108877, 4],
];

const LEFT_BEHIND: Weighted<number> = [
  [530361, 65],
  [504031, 35],
];

/** Kinds of software; the first that fits counts. */
export const SOFTWARE: readonly Software[] = [
  // Left behind by the forks of Bitcoin Cash in May 2018 and November 2017.
  {
    userAgent: /^\/Bitcoin ABC/,
    protocolVersion: only(70015),
    services: [
      [37, 89],
      [36, 12],
    ],
    heights: LEFT_BEHIND,
  },
  {
    userAgent: /^\/BUCash/,
    protocolVersion: [
      [80003, 12],
      [80030, 30],
    ],
    services: only(53),
    heights: LEFT_BEHIND,
  },
  {
    userAgent: /^\/(BitcoinUnlimited|Classic)/,
    protocolVersion: only(80002),
    services: [
      [21, 30],
      [20, 11],
    ],
  },
  // The SegWit2x fork that never came.
  { userAgent: /\(2x\)/, protocolVersion: only(70015), services: only(141), heights: only(494782) },
  // Coins of their own on Bitcoin's magic bytes.
  {
    userAgent: /^\/Bitcoin Core SQ/,
    protocolVersion: only(70016),
    services: only(1037),
    heights: [
      [587184, 20],
      [587185, 15],
    ],
  },
  { userAgent: /^\/WorldBitcoin/, protocolVersion: only(70015), services: only(1037), heights: only(632994) },
  { userAgent: /^\/SuperBitcoin/, protocolVersion: only(70017), services: only(1037), heights: only(567391) },
  { userAgent: /^\/BitCore/, protocolVersion: only(70015), services: only(13), heights: only(60698) },
  { userAgent: /^\/Aurum/, protocolVersion: only(70012), services: only(5), heights: only(1090663) },
  // Other implementations.
  {
    userAgent: /btcd/,
    protocolVersion: only(70013),
    services: [
      [69, 35],
      [77, 30],
    ],
  },
  { userAgent: /^\/bcoin/, protocolVersion: only(70015), services: only(9) },
  { userAgent: /^\/libbitcoin/, protocolVersion: only(70013), services: only(1) },
  { userAgent: /^\/therealbitcoin/, protocolVersion: only(99999), services: only(1), noRelayByte: true },
  { userAgent: /^\/Cornell-Falcon/, protocolVersion: only(70014), services: only(1), noRelayByte: true },
  // Bitcoin Core and what is built on it, newest first.
  {
    userAgent: /^\/Satoshi:(0\.2[1-9]|2\d)\..*Knots/,
    protocolVersion: only(70016),
    services: only(67109965),
    modern: true,
  },
  {
    userAgent: /^\/\w*Satoshi:(0\.2[1-9]|2\d)\./,
    protocolVersion: only(70016),
    services: [
      [1033, 8051],
      [1037, 4012],
      [1032, 1190],
      [1097, 153],
    ],
    modern: true,
  },
  {
    userAgent: /^\/Satoshi:0\.16.*Knots/,
    protocolVersion: only(70015),
    services: only(67109901),
    modern: true,
  },
  {
    userAgent: /Satoshi:0\.(1[6-9]|20)\.|^\/CKCoind:0\.16/,
    protocolVersion: only(70015),
    services: FULL_0_16,
    modern: true,
  },
  {
    userAgent: /Satoshi:0\.15\.99/,
    protocolVersion: only(70015),
    services: [
      [13, 32],
      [1037, 30],
    ],
  },
  {
    userAgent: /Satoshi:0\.1[345].*BIP148/,
    protocolVersion: only(70015),
    services: [
      [134217741, 6],
      [134217740, 3],
    ],
  },
  { userAgent: /Satoshi:0\.1[45]\./, protocolVersion: only(70015), services: FULL_0_13 },
  { userAgent: /Satoshi:0\.13\.[2-9]/, protocolVersion: only(70015), services: FULL_0_13 },
  { userAgent: /Satoshi:0\.13\.1/, protocolVersion: only(70014), services: FULL_0_13 },
  {
    userAgent: /Satoshi:0\.13\.0/,
    protocolVersion: only(70014),
    services: [
      [5, 40],
      [4, 3],
    ],
  },
  {
    userAgent: /\/(Satoshi|Statoshi):0\.12\./,
    protocolVersion: only(70012),
    services: [
      [5, 250],
      [4, 10],
      [1, 20],
    ],
  },
  { userAgent: /Satoshi:0\.(9|1[01])\./, protocolVersion: only(70002), services: only(1) },
  { userAgent: /Satoshi:0\.8\./, protocolVersion: only(70001), services: only(1) },
  // Whatever else calls itself a node.
  { userAgent: /(?:)/, protocolVersion: only(70015), services: only(13) },
];

/** The kind of software that announces itself as `userAgent`. */
export function softwareOf(userAgent: string): Software {
  return SOFTWARE.find((software) => software.userAgent.test(userAgent))!;
}

const lag = profile.snapshot2018.heightLag;

/** How far behind the tip a node is that follows the best chain, in blocks; undefined: it says it has none. */
const LAGS: Weighted<readonly [low: number, high: number] | undefined> = [
  [undefined, lag["unknown(height 0)"]],
  [[0, 0], lag.exactTip],
  [[1, 1], lag.behind1to2 * 0.97],
  [[2, 2], lag.behind1to2 * 0.03],
  [[3, 100], lag.behind3to100],
  [[101, 10_000], lag.behind101to10000],
  [[10_001, 500_000], lag["behind>10000"] * 0.4],
  // A block newer than the snapshot.
  [[-2, -1], lag.aheadOfTip * 0.4],
];

/** The height that a node of this software says it has. */
export function drawHeight(random: Random, software: Software): number {
  const range = random.pick(LAGS);
  const own = random.pick(software.heights ?? only(TIP));
  if (software.heights) return own;
  return range ? TIP - random.integer(...range) : 0;
}
