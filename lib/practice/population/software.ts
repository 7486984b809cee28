/**
 * The fields of a version message that depend on the software: protocol version, services, height.
 *
 * Counts come from network-profile.json. Services follow the history of releases: NODE_BLOOM is
 * optional since 0.12, NODE_WITNESS (bit 3) exists since 0.13.1, NODE_NETWORK_LIMITED (bit 10) since 0.16.
 * Chains that split off kept Bitcoin's magic bytes, so a crawl finds their nodes, at heights of their own.
 */
import profile from "../profile/network-profile.json";
import type { Random, Weighted } from "../../util/random";

/** The height of the best chain in the practice network, as in the snapshot. */
export const TIP: number = profile.snapshot2018.latestHeight;

/** A kind of software, and the fields that its nodes have in common. */
interface Software {
  /** Matches the user agents of this kind. */
  userAgent: RegExp;
  protocolVersion: Weighted<number>;
  services: Weighted<number>;
  /** The heights of a chain of its own. Without them it follows the best chain. */
  heights?: Weighted<number>;
  /** Its version message ends before the relay byte (BIP 37). */
  noRelayByte?: true;
  /** It sends sendaddrv2 and wtxidrelay (BIPs 155 and 339) between version and verack. */
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

const FORK_HEIGHTS: Weighted<number> = [
  [530361, 65],
  [504031, 35],
];

/** Kinds of software. A user agent is of the first kind that matches it. */
const SOFTWARE: readonly Software[] = [
  // Not upgraded for Bitcoin Cash's forks of May 2018 and November 2017, and stuck at those heights.
  {
    userAgent: /^\/Bitcoin ABC/,
    protocolVersion: only(70015),
    services: [
      [37, 89],
      [36, 12],
    ],
    heights: FORK_HEIGHTS,
  },
  {
    userAgent: /^\/BUCash/,
    protocolVersion: [
      [80003, 12],
      [80030, 30],
    ],
    services: only(53),
    heights: FORK_HEIGHTS,
  },
  {
    userAgent: /^\/(BitcoinUnlimited|Classic)/,
    protocolVersion: only(80002),
    services: [
      [21, 30],
      [20, 11],
    ],
  },
  // Waits for the SegWit2x fork, which was called off.
  { userAgent: /\(2x\)/, protocolVersion: only(70015), services: only(141), heights: only(494782) },
  // Other coins that use Bitcoin's magic bytes.
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
  // Bitcoin Core and its derivatives, newest first.
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
  // All other software.
  { userAgent: /(?:)/, protocolVersion: only(70015), services: only(13) },
];

/** Returns the kind of software that has this user agent. */
export function softwareOf(userAgent: string): Software {
  return SOFTWARE.find((software) => software.userAgent.test(userAgent))!;
}

const lag = profile.snapshot2018.heightLag;

/** How many blocks nodes on the best chain are behind the tip. Undefined: the node reports height 0. */
const LAGS: Weighted<readonly [low: number, high: number] | undefined> = [
  [undefined, lag["unknown(height 0)"]],
  [[0, 0], lag.exactTip],
  [[1, 1], lag.behind1to2 * 0.97],
  [[2, 2], lag.behind1to2 * 0.03],
  [[3, 100], lag.behind3to100],
  [[101, 10_000], lag.behind101to10000],
  [[10_001, 500_000], lag["behind>10000"] * 0.4],
  // Ahead of the tip by blocks that came after the snapshot's.
  [[-2, -1], lag.aheadOfTip * 0.4],
];

/** Draws the height in the version message of a node with this software. */
export function drawHeight(random: Random, software: Software): number {
  const range = random.pick(LAGS);
  const own = random.pick(software.heights ?? only(TIP));
  if (software.heights) return own;
  return range ? TIP - random.integer(...range) : 0;
}
