/** The options of `npm run crawl`, and their bounds. */
import { defaultConcurrency } from "@course/lib/crawl";
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
  v2?: boolean;
  live?: boolean;
}

const WRONG_CALL = 2;
/** Default and largest concurrency on a network of other people's computers. */
const POLITE_CONCURRENCY = 250;
const MAX_TIMEOUT_S = 600;

export const program = new Command("npm run crawl --")
  .description("Calls every node of the network once, and prints the outcomes.")
  .option(
    "--concurrency <n>",
    `how many nodes at a time (default: ${defaultConcurrency(false)}, with --v2 ${defaultConcurrency(true)}; on the live network ${POLITE_CONCURRENCY}, at most that)`,
    integer(1, 1_000_000),
  )
  .option("--threads <n>", "how many threads share the work", integer(1, 256), 1)
  .option("--timeout <seconds>", "time limit for connecting, and again for the answer", seconds, 1)
  .option("--v2", "call nodes encrypted (BIP 324) first, and those that do not understand it in clear text")
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
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_CALL));

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= MAX_TIMEOUT_S) return value;
  throw new InvalidArgumentError(`Expected seconds, above 0 and up to ${MAX_TIMEOUT_S}: 0.5, for example.`);
}

/**
 * Returns how many visits to make at a time.
 *
 * @throws UsageError if that is too many for other people's computers.
 */
export function concurrencyFor({ name }: Network, { concurrency, v2 = false }: Flags): number {
  if (name === "practice") return concurrency ?? defaultConcurrency(v2);
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
    words.push(long!, ...(isBoolean ? [] : [String(program.getOptionValue(attributeName))]));
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
