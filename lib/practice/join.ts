/**
 * Which network the course is on: the practice network, or the live one.
 *
 * One setting decides, the address of the bitnodes API. Practice and live differ in nothing else:
 * the API says who the nodes are, and the same code calls them.
 */
import { request } from "undici";
import { z } from "zod";
import { GRADING_URL, LIVE_URL, PRACTICE_URL, setBitnodesUrl } from "../bitnodes/url";
import { cacheAnswersOf } from "../bitnodes/http-cache";
import { startPracticeNetwork } from "./server/launch";

/** The network that was joined. */
export interface Network {
  name: "practice" | "live" | "grading" | "given";
  /** Base address of its bitnodes API, with a slash at its end. */
  BITNODES_URL: string;
  /** How many peers it has, where that is known. */
  peers?: number;
}

export interface JoinOptions {
  /** What decides; `process.env` if not given. */
  env?: Record<string, string | undefined>;
  /** Where a practice network is looked for before one is started. */
  practiceUrl?: string;
  /** How many peers to start, if one has to be started. */
  peers?: number;
  /** Where the sentence about who is being called goes; the console if not given. */
  log?: (sentence: string) => void;
}

/**
 * Decides which network to call and says so: the live one with `COURSE_NETWORK=live`, the one at
 * `BITNODES_URL` if that is set, else the practice network, which is started if it is not running.
 * A network that was started ends with this process.
 */
export async function joinNetwork(options: JoinOptions = {}): Promise<Network> {
  const network = await chooseNetwork(options);
  setBitnodesUrl(network.BITNODES_URL);
  return network;
}

async function chooseNetwork(options: JoinOptions): Promise<Network> {
  const { env = process.env, log = console.log, practiceUrl = PRACTICE_URL } = options;
  const { COURSE_GRADING, COURSE_NETWORK = "practice", BITNODES_URL } = env;
  if (COURSE_GRADING === "1") return { name: "grading", BITNODES_URL: GRADING_URL };
  const given = BITNODES_URL ? withSlash(BITNODES_URL) : undefined;
  if (COURSE_NETWORK === "live") return joinLive(given ?? LIVE_URL, log);
  if (COURSE_NETWORK !== "practice") {
    throw new RangeError(`COURSE_NETWORK: expected "practice" or "live", got "${COURSE_NETWORK}"`);
  }
  const practice = await findPractice(given ?? practiceUrl);
  if (given && !practice) return joinGiven(given, log);
  return joinPractice(practice ?? (await startOnce(options.peers, log)), log);
}

type Log = (sentence: string) => void;

function joinGiven(url: string, log: Log): Network {
  log(`You call the nodes that ${url} lists.`);
  return { name: "given", BITNODES_URL: url };
}

function joinPractice(network: Network, log: Log): Network {
  const peers = network.peers?.toLocaleString("en-US");
  log(`You call the practice network: ${peers} made-up nodes, all on this computer.`);
  return network;
}

function joinLive(url: string, log: Log): Network {
  cacheAnswersOf(new URL(url).origin);
  log(
    `You call the live Bitcoin network: the computers of real people. Be polite, call each of them once; ${url} is asked at most once in 10 minutes.`,
  );
  return { name: "live", BITNODES_URL: url };
}

const identity = z.object({ name: z.literal("practice"), peers: z.number() });
const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/** The practice network whose API is at `url`; undefined if there is none. Nobody but this machine is asked. */
async function findPractice(url: string): Promise<Network | undefined> {
  if (!LOOPBACK.test(new URL(url).hostname)) return undefined;
  try {
    const { body } = await request(url, { headersTimeout: 2000, bodyTimeout: 2000 });
    const { peers } = identity.parse(await body.json());
    return { name: "practice", BITNODES_URL: url, peers };
  } catch {
    return undefined;
  }
}

let started: Promise<Network> | undefined;

/** One practice network for this process, which ends with it. */
function startOnce(peers: number | undefined, log: Log): Promise<Network> {
  if (!started) {
    log("Starting the practice network, which takes a second or two …");
    started = startPracticeNetwork({ peers }).then(({ api, peers }) => ({
      name: "practice",
      BITNODES_URL: api,
      peers,
    }));
    started.catch(() => (started = undefined));
  }
  return started;
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
