/** What `npm run crawl` can be told, and the bounds of it. */
import type { Network } from "@course/lib/practice";
import { formatCount, UsageError } from "@course/lib/util";
import { Command, InvalidArgumentError, Option } from "commander";
import { integer } from "../cli/integer-option";

export interface Flags {
  concurrency?: number;
  threads: number;
  /** Seconds. */
  timeout: number;
  /** A new file, or `-` for stdout. */
  json?: string;
  /** A file of an earlier crawl. */
  resume?: string;
  live?: boolean;
}

const WRONG_CALL = 2;
/** How many nodes are called at a time: of the practice network, and of one that may be other people's. */
const USUAL_CONCURRENCY = 1000;
const POLITE_CONCURRENCY = 250;
const LONGEST_TIMEOUT_S = 600;

export const program = new Command("npm run crawl --")
  .description("Calls every node of the network once, and says what came of it.")
  .option(
    "--concurrency <n>",
    `how many at a time (default: ${USUAL_CONCURRENCY}; on the live network ${POLITE_CONCURRENCY}, which is the most there)`,
    integer(1, 1_000_000),
  )
  .option("--threads <n>", "how many threads share the work", integer(1, 256), 1)
  .option(
    "--timeout <seconds>",
    "how long connecting may take, and again how long an answer may take",
    seconds,
    1,
  )
  .option("--json <file>", "write each visit to a new file as a line of JSON, or to stdout for -")
  .addOption(
    new Option(
      "--resume <file>",
      "go on with a file of --json: call whom it does not have, and add them to it",
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
  if (text.trim() !== "" && value > 0 && value <= LONGEST_TIMEOUT_S) return value;
  throw new InvalidArgumentError(
    `Expected seconds, above 0 and up to ${LONGEST_TIMEOUT_S}: 0.5, for example.`,
  );
}

/** How many visits at a time. Throws a WrongCall if that would be too many for computers of other people. */
export function concurrencyFor({ name }: Network, { concurrency }: Flags): number {
  if (name === "practice") return concurrency ?? USUAL_CONCURRENCY;
  if (concurrency === undefined || concurrency <= POLITE_CONCURRENCY)
    return concurrency ?? POLITE_CONCURRENCY;
  throw new UsageError(
    `--concurrency: expected ${POLITE_CONCURRENCY} at the most on a network of other people's computers, got ${formatCount(concurrency)}`,
  );
}

/** The call that goes on with `file`, with the flags that this one was given. */
export function sameAgain(file: string): string {
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
