/**
 * Joins a network: chooses between the practice network, the live one, and a given bitnodes API.
 *
 * They differ in one setting, the URL of the bitnodes API. The API lists the nodes, and the same code
 * calls them.
 */
import { GRADING_URL, setBitnodesUrl } from "../bitnodes/url";
import type { Resolver } from "../discovery/seed-addresses";
import type { PopulationName } from "./population/names";

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

/**
 * Chooses the network to call, sets the URL of the bitnodes API and logs whose nodes will be called.
 *
 *  - `COURSE_NETWORK=live`: the live network
 *  - `BITNODES_URL` is set: the network that this API lists
 *  - else: the practice network. If it is not running, or not with this share of v2 or not of this year, this
 *    starts it; it then ends with this process.
 *
 * @throws RangeError if `COURSE_NETWORK` is neither `practice` nor `live`.
 * @throws PracticeError if the practice network cannot start.
 */
export async function joinNetwork(options: JoinOptions = {}): Promise<Network> {
  const network = isGrading(options) ? GRADING : await chosen(options);
  setBitnodesUrl(network.BITNODES_URL);
  return network;
}

const GRADING: Network = { name: "grading", BITNODES_URL: GRADING_URL, seeds: [] };

/** The grader runs this in each notebook of each learner, and nothing is there to be called. */
function isGrading({ env = process.env }: JoinOptions): boolean {
  return env.COURSE_GRADING === "1";
}

/** Loads what calls a network only when one is called. */
async function chosen(options: JoinOptions): Promise<Network> {
  const { chooseNetwork } = await import("./choose-network");
  return chooseNetwork(options);
}
