/** Chooses between the practice network, the live one, and a given bitnodes API: see join.ts. */
import { Resolver as DnsResolver } from "node:dns/promises";
import { request } from "undici";
import { z } from "zod";
import { cacheAnswersOf, endRequestsOnInterrupt, unpackAnswersOf } from "../bitnodes/http-cache";
import { isLoopback, LIVE_URL, PRACTICE_URL } from "../bitnodes/url";
import { LIVE_SEEDS, type Resolver } from "../discovery/seed-addresses";
import { speaker } from "../language/speak";
import { formatCount } from "../util/numbers";
import { DEFAULT_POPULATION, POPULATION_NAMES, type PopulationName } from "./population/names";
import { startPracticeNetwork } from "./server/launch";

/** The network that this process has joined. */
export interface Network {
  name: "practice" | "live" | "grading" | "given";
  /** Base URL of its bitnodes API, with a slash at its end. */
  BITNODES_URL: string;
  /** How many peers it has, and of which year they are; only of the practice network. */
  peers?: number;
  population?: PopulationName;
  /** Names of its DNS seeds, if it has any. */
  seeds: readonly string[];
  /** Whom to ask about them. If there is none, the DNS servers of this computer. */
  resolver?: Resolver;
  /** SOCKS5 proxy to its nodes behind Tor, `socks5://127.0.0.1:PORT`; only of the practice network. */
  proxy?: string;
  /** The same for its nodes on I2P. */
  i2pProxy?: string;
}

export interface JoinOptions {
  /** The environment variables that choose the network. `process.env` if not given. */
  env?: Record<string, string | undefined>;
  /** API of a practice network that may be running already. `PRACTICE_URL` if not given. */
  practiceUrl?: string;
  /** How many peers to start, if a practice network has to be started. */
  peers?: number;
  /**
   * How many peers a practice network may have that is running already. If it has more, one with `peers` is
   * started. Any number if not given. Whoever gives it wants a small network that has DNS seeds: an API that is
   * no practice network's is not joined then.
   */
  maxPeers?: number;
  /**
   * Of which year the nodes of a practice network are to be. If another one runs, this process starts its
   * own. If not given, any will do, and one that has to be started is of 2018.
   */
  population?: PopulationName;
  /** Which range of addresses it is to have, if it has to be started and the range is free: `rangeOf`. */
  range?: number;
  /**
   * Share of its peers that speak v2 (BIP 324), from 0 to 1. If given, the practice network is one of this
   * process's own, since those of the one that runs do not.
   */
  v2?: number;
  /** Called with sentences about the network. `console.log` if not given. */
  log?: (sentence: string) => void;
}

/** Prints a sentence in the language of the course. */
function logged(sentence: string): void {
  console.log(speaker().say(sentence));
}

/**
 * Chooses the network as `joinNetwork` says, and logs whose nodes will be called.
 *
 * @throws RangeError and PracticeError as `joinNetwork` does.
 */
export async function chooseNetwork(options: JoinOptions): Promise<Network> {
  const { env = process.env, log = logged, practiceUrl = PRACTICE_URL } = options;
  const { COURSE_NETWORK = "practice", BITNODES_URL } = env;
  const given = BITNODES_URL ? withSlash(BITNODES_URL) : undefined;
  if (COURSE_NETWORK === "live") return joinLive(given ?? LIVE_URL, log);
  if (COURSE_NETWORK !== "practice") {
    throw new RangeError(`COURSE_NETWORK: expected "practice" or "live", got "${COURSE_NETWORK}"`);
  }
  const practice = await findPractice(given ?? practiceUrl);
  if (given && !practice) {
    if (options.maxPeers === undefined) return joinGiven(given, log);
    log(
      `${given} lists nodes, and names no DNS seeds: what follows needs some, and calls a practice network.`,
    );
  }
  return joinPractice(practice && fits(practice, options) ? practice : await startOnce(options, log), log);
}

/** Returns whether a practice network that runs is one that was asked for. */
function fits(
  practice: Practice,
  { v2, maxPeers = Infinity, population = practice.population }: JoinOptions,
): boolean {
  return v2 === undefined && practice.peers <= maxPeers && practice.population === population;
}

type Log = (sentence: string) => void;
type Practice = Network & { peers: number; population: PopulationName };

function joinGiven(url: string, log: Log): Network {
  unpackAnswersOf(new URL(url).origin);
  log(`You call the nodes that ${url} lists.`);
  return { name: "given", BITNODES_URL: url, seeds: [] };
}

function joinPractice(network: Practice, log: Log): Network {
  endRequestsOnInterrupt(new URL(network.BITNODES_URL).origin);
  const { peers, population } = network;
  log(
    `You call the practice network of ${population}: ${formatCount(peers)} made-up nodes, all on this computer.`,
  );
  return network;
}

function joinLive(url: string, log: Log): Network {
  cacheAnswersOf(new URL(url).origin);
  log(
    `You call the live Bitcoin network: the computers of real people. Be polite, call each of them once; ${url} is asked at most once in 10 minutes.`,
  );
  return { name: "live", BITNODES_URL: url, seeds: LIVE_SEEDS };
}

const identity = z.object({
  name: z.literal("practice"),
  // A network that an older release has started does not say it.
  population: z.enum(POPULATION_NAMES).default(DEFAULT_POPULATION),
  peers: z.number(),
  proxies: z.object({ tor: z.string(), i2p: z.string() }).optional(),
  dns: z.object({ port: z.number(), names: z.array(z.string()), nodePort: z.number() }).optional(),
});

/** Resolves with the practice network whose API is at `url`, or undefined. Only asks URLs of this machine. */
async function findPractice(url: string): Promise<Practice | undefined> {
  if (!isLoopback(new URL(url).hostname)) return undefined;
  try {
    const { body } = await request(url, { headersTimeout: 2000, bodyTimeout: 2000 });
    const { peers, population, dns, proxies } = identity.parse(await body.json());
    const { tor: proxy, i2p: i2pProxy } = proxies ?? {};
    return { name: "practice", BITNODES_URL: url, peers, population, ...seedsOf(dns), proxy, i2pProxy };
  } catch {
    return undefined;
  }
}

/** Time for one query of the practice network's seeds, in milliseconds: a dead one costs this. */
const QUERY_MS = 500;

/** Returns the seeds of a practice network, and a resolver that asks its DNS server. */
function seedsOf(dns: z.infer<typeof identity>["dns"]): Pick<Network, "seeds" | "resolver"> {
  if (!dns) return { seeds: [] };
  const asked = new DnsResolver({ timeout: QUERY_MS, tries: 1 });
  asked.setServers([`127.0.0.1:${dns.port}`]);
  const resolver: Resolver = {
    nodePort: dns.nodePort,
    resolve4: (name) => asked.resolve4(name),
    resolve6: (name) => asked.resolve6(name),
  };
  return { seeds: dns.names, resolver };
}

/** The practice networks that this process has started and that are running, by what was asked for. */
const started = new Map<string, Promise<Practice>>();

function keyOf({ peers, v2, population }: JoinOptions): string {
  return JSON.stringify({ peers, v2, population });
}

/** Starts a practice network that ends with this process. Later calls return the same one while it is running. */
function startOnce(options: JoinOptions, log: Log): Promise<Practice> {
  const key = keyOf(options);
  const running = started.get(key);
  if (running) return running;
  const year = options.population === undefined ? "" : ` of ${options.population}`;
  const kind =
    options.v2 === undefined ? `the practice network${year}` : `a practice network${year} that speaks v2`;
  log(`Starting ${kind}, which takes a second or two …`);
  const starting = start(options, log);
  starting.catch(() => started.delete(key));
  started.set(key, starting);
  return starting;
}

async function start(wanted: JoinOptions, log: Log): Promise<Practice> {
  const { range, v2 } = wanted;
  const { api, peers, population, ended } = await startPracticeNetwork({
    peers: wanted.peers,
    population: wanted.population,
    range,
    v2,
  });
  void ended.then(() => {
    started.delete(keyOf(wanted));
    log("The practice network has ended: call joinNetwork() again, which starts a new one.");
  });
  return (await findPractice(api)) ?? { name: "practice", BITNODES_URL: api, peers, population, seeds: [] };
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
