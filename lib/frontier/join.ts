/** Joins a shared crawl, or begins it. */
import { groupOf } from "../discovery/call-rules";
import { type AddressTuple, nodeKey, parseAddress } from "../peer/address";
import { type Lane, laneOf } from "../peer/lane";
import { formatCount } from "../util/numbers";
import { withoutUndefined } from "../util/without-undefined";
import { printable } from "../wire/text";
import { type ServerConnection, type Reply, requireUsable, rowsOf } from "./server-connection";
import { FrontierError } from "./errors";
import { keyPrefix, LAYOUT, LEASE_MS } from "./script";

/** What all workers of a crawl hold to. Whoever begins it decides. */
export interface CrawlSettings {
  /** Which network is crawled: `practice` or `live`. */
  network: string;
  /** How many addresses it takes in. Default: 1,000,000. */
  maxAddresses: number;
  /** How many addresses of one /24 or /64 it takes in; Infinity for any number. */
  maxPerGroup: number;
  /** How many visits all workers may have under way together; Infinity for any number. */
  maxUnderWay: number;
  /** After how many milliseconds of silence a worker counts as dead. Default: 5,000. */
  leaseMs: number;
  /** How many visits wait for their collector before all workers pause. Default: 100,000. */
  maxResults: number;
}

/** What a worker asks for: it takes the limits that it does not name as they are. */
type WantedSettings = Pick<CrawlSettings, "network"> & Partial<CrawlSettings>;

const DEFAULT_SETTINGS: Omit<CrawlSettings, "network"> = {
  maxAddresses: 1_000_000,
  maxPerGroup: Infinity,
  maxUnderWay: Infinity,
  leaseMs: LEASE_MS,
  maxResults: 100_000,
};

/** The state of a crawl, as the server last told it. */
export interface CrawlState {
  /** Whether nothing waits, and nothing is under way. */
  isOver: boolean;
  heardOf: number;
  waiting: number;
  underWay: number;
  done: number;
  /** Visits that nobody has collected. */
  uncollected: number;
  workers: number;
}

export interface Joined {
  /** Whether this call began the crawl. */
  isNew: boolean;
  /** When it was begun, in Unix milliseconds: this tells it from an earlier crawl of the same id. */
  begunAt: number;
  settings: CrawlSettings;
  state: CrawlState;
  /** A sentence if a restart of the server would lose the crawl. */
  warning?: string;
}

/** Redis has no Infinity: this many is as good. */
const ANY_NUMBER = 1e15;
const LIMITS = ["maxAddresses", "maxPerGroup", "maxUnderWay", "leaseMs", "maxResults"] as const;

/**
 * Joins the crawl of a connection; if there is none and `seeds` are given, begins it with these.
 *
 * @throws FrontierError if there is no such crawl and none can be begun, if it is one of another network or
 * another version of the course, or if it was begun with other limits than those that are given.
 */
export async function joinCrawl(
  connection: ServerConnection,
  worker: string,
  wanted: WantedSettings,
  seeds?: readonly AddressTuple[],
): Promise<Joined> {
  const warning = requireUsable(await connection.info().catch(connection.explain), connection.shown);
  const settings: CrawlSettings = { ...DEFAULT_SETTINGS, ...withoutUndefined(wanted) };
  const fields = [
    ["layout", LAYOUT],
    ["network", settings.network],
    ...LIMITS.map((name) => [name, settings[name] === Infinity ? ANY_NUMBER : settings[name]]),
    ["runId", connection.runId],
    ["begunAt", Date.now()],
  ].flat();
  const counted = settings.maxPerGroup < Infinity;
  const heard = (seeds ?? []).flatMap((seed) => heardTriple(nodeKey(seed), counted));
  const [outcome, stored, state] = await connection
    .run("join", worker, seeds ? 1 : 0, fields.length / 2, ...fields, ...heard)
    .catch(connection.explain);
  if (outcome === "none") throw noCrawl(connection);
  const joined = requireSame(stored as string[], wanted, connection);
  return { isNew: outcome === "begun", ...joined, state: stateOf(state as number[]), warning };
}

/** How many of a crawl's addresses are drawn, or looked for, at a time. */
const SAMPLE = 500;

/**
 * Returns some of the addresses that a crawl has heard of, drawn at random; none if there is no such crawl.
 *
 * @throws FrontierError if the server cannot be asked.
 */
export async function someAddresses(connection: ServerConnection): Promise<AddressTuple[]> {
  const seen = `${keyPrefix(connection.crawl)}:seen`;
  const keys = await connection.ask(["SRANDMEMBER", seen, SAMPLE]).catch(connection.explain);
  return (keys as string[]).map(parseAddress);
}

/**
 * Returns whether a crawl has heard of one of these nodes (`nodeKey`) at least. It is asked for the first and the
 * last ones only.
 *
 * @throws FrontierError if the server cannot be asked.
 */
export async function hasHeardOfAny(connection: ServerConnection, keys: readonly string[]): Promise<boolean> {
  const asked = keys.length > SAMPLE ? [...keys.slice(0, SAMPLE / 2), ...keys.slice(-SAMPLE / 2)] : keys;
  if (asked.length === 0) return false;
  const command = ["SMISMEMBER", `${keyPrefix(connection.crawl)}:seen`, ...asked];
  const found = await connection.ask(command).catch(connection.explain);
  return (found as number[]).includes(1);
}

/** Returns the error of a crawl that is not there. */
export function noCrawl({ shown, crawl }: ServerConnection): FrontierError {
  return new FrontierError(
    "NO_CRAWL",
    `the server at ${shown} has no crawl ${printable(crawl)}: it was never begun, was deleted, or was lost with a server that keeps no journal. To begin one, use --discover, and not --resume`,
  );
}

/** Returns an address as the script takes it: lane, address, and its group if groups are counted. */
export function heardTriple(key: string, groupsAreCounted: boolean): [Lane, string, string] {
  const address = parseAddress(key);
  return [laneOf(address), key, groupsAreCounted ? groupOf(address) : ""];
}

/** Reads the counts that every step returns. */
export function stateOf(counts: readonly Reply[]): CrawlState {
  const [isOver, heardOf, waiting, underWay, done, uncollected, workers] = counts as number[];
  return { isOver: isOver === 1, heardOf, waiting, underWay, done, uncollected, workers };
}

/** The settings as the server has them. */
interface StoredSettings {
  layout: number;
  begunAt: number;
  settings: CrawlSettings;
}

/** Reads the settings of a crawl: fields and values in turn. */
export function readSettings(stored: readonly string[]): StoredSettings {
  const fields = new Map(rowsOf<[field: string, value: string]>(stored, 2));
  const numberOf = (name: string): number => {
    const value = Number(fields.get(name));
    return value >= ANY_NUMBER ? Infinity : value;
  };
  return {
    layout: numberOf("layout"),
    begunAt: numberOf("begunAt"),
    settings: {
      network: fields.get("network") ?? "",
      maxAddresses: numberOf("maxAddresses"),
      maxPerGroup: numberOf("maxPerGroup"),
      maxUnderWay: numberOf("maxUnderWay"),
      leaseMs: numberOf("leaseMs"),
      maxResults: numberOf("maxResults"),
    },
  };
}

/** The limits that have a flag, for sentences. */
const FLAGS = [
  ["maxAddresses", "--max-addresses"],
  ["maxUnderWay", "--in-all"],
] as const;

function requireSame(
  stored: readonly string[],
  wanted: WantedSettings,
  { crawl, shown }: ServerConnection,
): Pick<Joined, "settings" | "begunAt"> {
  const { layout, begunAt, settings } = readSettings(stored);
  const name = `the crawl ${printable(crawl)} at ${shown}`;
  if (layout !== LAYOUT) {
    throw new FrontierError(
      "OTHER_VERSION",
      `${name} was begun by another version of this course (layout ${layout}, here ${LAYOUT}): use one version on all machines, or begin another crawl with --crawl ID`,
    );
  }
  if (settings.network !== wanted.network) {
    throw new FrontierError(
      "OTHER_NETWORK",
      `${name} is one of the ${printable(settings.network)} network, and this is the ${wanted.network} network: use --live on all machines or on none, or another --crawl ID`,
    );
  }
  for (const [limit, flag] of FLAGS) {
    const value = wanted[limit];
    if (value === undefined || value === settings[limit]) continue;
    const has = settings[limit] === Infinity ? "none" : formatCount(settings[limit]);
    throw new FrontierError(
      "OTHER_SETTINGS",
      `${name} was begun with another limit: ${has} instead of ${formatCount(value)}. Leave out ${flag}, or begin another crawl with --crawl ID`,
    );
  }
  return { settings, begunAt };
}
