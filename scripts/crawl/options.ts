/** The options of `npm run crawl`, and their bounds. */
import type { Network } from "@course/lib/practice";
import { formatCount, UsageError } from "@course/lib/util";
import { Command, InvalidArgumentError, Option } from "commander";
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
  live?: boolean;
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
}

const WRONG_CALL = 2;
/** Default concurrency on the practice network. */
const USUAL_CONCURRENCY = 1000;
/** Default and largest concurrency on a network of other people's computers. */
const POLITE_CONCURRENCY = 250;
const MAX_TIMEOUT_S = 600;
const MAX_AGE_DAYS = 3650;

export const program = new Command("npm run crawl --")
  .description("Calls every node of the network once, and prints the outcomes.")
  .option(
    "--concurrency <n>",
    `how many nodes at a time (default: ${USUAL_CONCURRENCY}; on the live network ${POLITE_CONCURRENCY}, at most that)`,
    integer(1, 1_000_000),
  )
  .option("--threads <n>", "how many threads share the work", integer(1, 256), 1)
  .option("--timeout <seconds>", "time limit for connecting, and again for the answer", seconds, 1)
  .option("--json <file>", "write each visit to a new file as a line of JSON, or to stdout for -")
  .addOption(
    new Option(
      "--resume <file>",
      "go on with a file of --json: call the nodes that are not in it, and add them",
    ).conflicts("json"),
  )
  .option(
    "--live",
    "the real Bitcoin network instead of the practice network",
    process.env.COURSE_NETWORK === "live" || undefined,
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
    "with --discover: call no address that nobody has seen for so long (default: 30)",
    days,
  )
  .option("--exclude <file>", "with --discover: call nobody in this file of addresses and ranges, one a line")
  .option(
    "--contact <text>",
    "with --discover: how operators can reach you, to say in your user agent",
    contact,
  )
  .option("--dry-run", "with --discover: ask the seeds, show what they say, and call nobody")
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_CALL));

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

/** The flags that mean something with --discover alone. */
const WITH_DISCOVER = ["seeds", "maxAddresses", "maxAge", "exclude", "contact", "dryRun"] as const;

/**
 * Checks flags that depend on one another.
 *
 * @throws UsageError if one is given that has no meaning without another.
 */
export function requireFlagsFit(flags: Flags): void {
  if (flags.discover) return;
  const lonely = WITH_DISCOVER.find((name) => flags[name] !== undefined);
  if (lonely === undefined) return;
  const { long } = program.options.find((option) => option.attributeName() === lonely)!;
  throw new UsageError(`${long} says how to discover a network: add --discover, or leave it out`);
}

/**
 * Returns how many visits to make at a time.
 *
 * @throws UsageError if that is too many for other people's computers.
 */
export function concurrencyFor({ name }: Network, { concurrency }: Flags): number {
  if (name === "practice") return concurrency ?? USUAL_CONCURRENCY;
  if (concurrency === undefined || concurrency <= POLITE_CONCURRENCY)
    return concurrency ?? POLITE_CONCURRENCY;
  throw new UsageError(
    `--concurrency: expected at most ${POLITE_CONCURRENCY} on a network of other people's computers, got ${formatCount(concurrency)}`,
  );
}

/** Returns the command that goes on with `file`, with the flags of this call. */
export function resumeCommand(file: string): string {
  const words = ["npm run crawl -- --resume", /^[\w./-]+$/.test(file) ? file : JSON.stringify(file)];
  for (const { long, attributeName, isBoolean } of flagsGiven()) {
    const values = isBoolean ? [] : [program.getOptionValue(attributeName) as unknown].flat();
    words.push(long!, ...values.map(String));
  }
  return words.join(" ");
}

function flagsGiven(): { long?: string; attributeName: string; isBoolean: boolean }[] {
  return program.options
    .filter(({ long }) => long !== "--json" && long !== "--resume")
    .map((option) => ({
      long: option.long,
      attributeName: option.attributeName(),
      isBoolean: option.isBoolean(),
    }))
    .filter(({ attributeName }) => program.getOptionValueSource(attributeName) === "cli");
}
