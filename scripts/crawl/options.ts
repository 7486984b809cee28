/** The options of `npm run crawl`: bounds.ts says how they fit together, and what is too much. */
import { defaultConcurrency } from "@course/lib/crawl";
import { parseProxy } from "@course/lib/peer";
import { POPULATION_NAMES, type PopulationName } from "@course/lib/practice";
import { InvalidArgumentError, Option } from "commander";
import { commandNamed } from "../cli/command";
import { integer } from "../cli/integer-option";

export interface Flags {
  concurrency?: number;
  threads: number;
  /** Time limit for connecting, and again for the answer, in seconds. */
  timeout: number;
  /** Path of a new file, or `-` for stdout. */
  json?: string;
  /** Path of the file of an earlier crawl. */
  resume?: string;
  /** Path of a new file for a snapshot, in the shape of the bitnodes API. */
  snapshot?: string;
  /** Path of a new Parquet file for the same snapshot. */
  parquet?: string;
  v2?: boolean;
  live?: boolean;
  /** Of which year the practice network is to be. */
  population?: PopulationName;
  /** Find the nodes by asking peers, instead of calling those of a list. */
  discover?: boolean;
  /** Names of DNS seeds. */
  seeds?: string[];
  /** How many addresses are called at most. */
  maxAddresses?: number;
  /** In days. */
  maxAge?: number;
  dryRun?: boolean;
  /** Path of a file of addresses that are not to be called. */
  exclude?: string;
  /** How operators can reach the caller. */
  contact?: string;
  /** Address of the Redis server that several machines share a crawl on; true if it is in FRONTIER_URL. */
  frontier?: string | true;
  /** Id of the shared crawl. */
  crawl?: string;
  /** How many visits all machines of a shared crawl make at a time. */
  inAll?: number;
  status?: boolean;
  forget?: boolean;
  /** The proxy of Tor: its URL, `practice` for the network's own, or false for none. */
  proxy?: string | false;
  i2pProxy?: string;
  proxyConcurrency?: number;
  /** In seconds. */
  proxyTimeout?: number;
}

/** What --json says for stdout. */
export const STDOUT = "-";

/** Default and largest concurrency on a network of other people's computers. */
export const POLITE_CONCURRENCY = 250;
/** The proxies of the practice network bear as many circuits as one likes. */
export const PRACTICE_CIRCUITS = 1000;
/** What --proxy and --i2p-proxy say for the proxies of the practice network. */
export const OWN = "practice";
const MAX_TIMEOUT_S = 600;
const MAX_AGE_DAYS = 3650;

export const program = commandNamed("npm run crawl --")
  .description("Calls every node of the network once, and prints the outcomes.")
  .option(
    "--concurrency <n>",
    `how many nodes at a time (default: ${defaultConcurrency(false)}, with --v2 ${defaultConcurrency(true)}; on the live network ${POLITE_CONCURRENCY}, at most that)`,
    integer(1, 1_000_000),
  )
  .option("--threads <n>", "how many threads share the work", integer(1, 256), 1)
  .option("--timeout <seconds>", "time limit for connecting, and again for the answer", seconds, 1)
  .option("--v2", "try the encrypted transport (BIP 324) first, and fall back to clear text")
  .option("--json <file>", "write each visit to a new file as a line of JSON, or to stdout for -")
  .addOption(
    new Option(
      "--resume <file>",
      "go on with a file of --json: call the nodes that are not in it, and add them",
    ).conflicts("json"),
  )
  .option(
    "--snapshot <file>",
    "write the nodes that answered to a new file, as the bitnodes API lists them, when all are called: npm run serve serves it",
  )
  .option("--parquet <file>", "write the same list to a new Parquet file")
  .option(
    "--live",
    "the real Bitcoin network instead of the practice network",
    process.env.COURSE_NETWORK === "live" || undefined,
  )
  .addOption(
    new Option(
      "--population <year>",
      "the practice network of this year; if another one runs, one of its own is started",
    )
      .choices(POPULATION_NAMES)
      .conflicts("live"),
  )
  .addOption(
    new Option(
      "--discover",
      "find the nodes without a list: ask DNS seeds, then the nodes whom they know",
    ).conflicts("threads"),
  )
  .option("--seeds <names...>", "with --discover: other DNS seeds than those of the network")
  .option(
    "--max-addresses <n>",
    "with --discover: how many addresses to call at most (default: 1,000,000)",
    integer(1, 10_000_000),
  )
  .option(
    "--max-age <days>",
    "with --discover: skip addresses that were last seen more than this many days ago (default: 30)",
    days,
  )
  .option(
    "--exclude <file>",
    "with --discover: call nobody in this file of addresses, names and ranges, one per line",
  )
  .option(
    "--contact <text>",
    "with --discover: how operators can reach you, to say in your user agent",
    contact,
  )
  .option(
    "--proxy <url>",
    "call nodes behind Tor through this SOCKS5 proxy, such as socks5://127.0.0.1:9050; or `practice` for those of the practice network, which --discover uses there by default",
    proxy,
  )
  .option("--no-proxy", "call no node behind Tor or on I2P")
  .option(
    "--i2p-proxy <url>",
    "call nodes on I2P through this SOCKS5 proxy, such as socks5://127.0.0.1:4447; or `practice` likewise",
    proxy,
  )
  .option(
    "--proxy-concurrency <n>",
    `how many nodes at a time through a proxy (default: 64 through Tor's, 32 through I2P's; on the practice network ${PRACTICE_CIRCUITS})`,
    integer(1, 10_000),
  )
  .option(
    "--proxy-timeout <seconds>",
    "time limit for connecting through a proxy; the answer has a third of it (default: 60)",
    seconds,
  )
  .option("--dry-run", "with --discover: ask the seeds, show what they say, and call nobody")
  .option(
    "--frontier [url]",
    "with --discover: share the crawl with other machines, on the Redis server at redis://HOST:PORT, or at FRONTIER_URL, which may have a password. A machine with --json, --resume, --snapshot or --parquet collects the visits of all",
  )
  .option("--crawl <id>", "with --frontier: which crawl (default: the network's name)", crawlId)
  .option(
    "--in-all <n>",
    `with --frontier: how many nodes all machines together call at a time (default: no limit; on the live network ${POLITE_CONCURRENCY}, at most that)`,
    integer(1, 1_000_000),
  )
  .option("--status", "with --frontier: show how far the crawl is, and who works on it")
  .option("--forget", "with --frontier: delete the crawl from the server")
  .allowExcessArguments(false);

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= MAX_TIMEOUT_S) return value;
  throw new InvalidArgumentError(`Expected seconds, above 0 and up to ${MAX_TIMEOUT_S}: 0.5, for example.`);
}

function days(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= MAX_AGE_DAYS) return value;
  throw new InvalidArgumentError(`Expected days, above 0 and up to ${MAX_AGE_DAYS}: 2 or 0.5, for example.`);
}

/** Checks that a text can be a comment in a user agent: BIP 14 forbids a few characters in these. */
function contact(text: string): string {
  if (/^[\w .,:@+-]{3,100}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "Expected 3 to 100 letters, digits, spaces and . , : @ + - _: a mail address, for example.",
  );
}

/** Checks the id of a crawl: it is a part of the names of keys. */
function crawlId(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected 1 to 64 letters, digits, and . - _: 2026-11-29, for example.");
}

function proxy(text: string): string {
  if (text === OWN) return text;
  try {
    parseProxy(text);
    return text;
  } catch (error) {
    const { message } = error as Error;
    throw new InvalidArgumentError(`${message[0].toUpperCase()}${message.slice(1)}.`);
  }
}
