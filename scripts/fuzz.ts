/**
 * `npm run fuzz`: a million inputs that a hostile peer might send, and what must hold for each of them.
 *
 * Exit codes: 0 if it holds, 1 with the input in hexadecimal if it does not, 2 for a wrong call.
 */
import { fromHex, toHex } from "@course/lib/wire";
import { formatCount, Random } from "@course/lib/util";
import { Command, InvalidArgumentError } from "commander";
import { createSpinner } from "nanospinner";
import colours from "picocolors";
import { countAllocations } from "./fuzz/allocations";
import { nextInput } from "./fuzz/inputs";
import { Finding, type Tally, tryInput } from "./fuzz/trial";

/** How often progress is told: on a terminal, and elsewhere, where every line stays. */
const TELL_MS = process.stderr.isTTY ? 250 : 10_000;

interface Flags {
  inputs: number;
  seed: number;
  hex?: Uint8Array;
}

function integer(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}

function bytes(text: string): Uint8Array {
  try {
    return fromHex(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

const program = new Command("npm run fuzz --")
  .description(
    "Feeds random bytes, and recorded messages that have been tampered with, to everything that parses: a message or a ProtocolError must come out, in time and in little memory, and be written as the same bytes.",
  )
  .option("--inputs <n>", "how many", integer(1, 1e12), 1_000_000)
  .option(
    "--seed <n>",
    "the same seed, the same inputs",
    integer(0, Number.MAX_SAFE_INTEGER),
    Date.now() % 1e6,
  )
  .option("--hex <bytes>", "try this input alone: one that failed before", bytes)
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** Tries so many inputs, and tells after each `TELL_MS` how many it has tried. Throws a Finding. */
async function fuzz({ inputs, seed, hex }: Flags, tell: (done: number) => Promise<void>): Promise<Tally> {
  const tally: Tally = new Map();
  const random = new Random(seed, "fuzz");
  countAllocations();
  Error.stackTraceLimit = 0; // most of the time would go into stacks that nobody sees
  if (hex) await tryInput(hex, random, tally);
  let told = performance.now();
  for (let done = 0; !hex && done < inputs; done++) {
    await tryInput(nextInput(random), random, tally);
    if (performance.now() - told < TELL_MS) continue;
    await tell(done + 1);
    told = performance.now();
  }
  return tally;
}

async function main(): Promise<void> {
  const flags = program.parse().opts<Flags>();
  const total = flags.hex ? 1 : flags.inputs;
  const start = performance.now();
  const spinner = createSpinner(`0 of ${formatCount(total)} inputs (seed ${flags.seed})`, {
    stream: process.stderr,
  });
  spinner.start();
  process.once("SIGINT", () => process.exit(130));
  try {
    const tally = await fuzz(flags, async (done) => {
      spinner.update({ text: `${formatCount(done)} of ${formatCount(total)} inputs (seed ${flags.seed})` });
      if (!process.stderr.isTTY) console.error(`${formatCount(done)} of ${formatCount(total)} inputs`);
      await new Promise(setImmediate); // for the spinner, and for Ctrl-C
    });
    spinner.stop();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      colours.green(`${formatCount(total)} inputs in ${seconds} s (seed ${flags.seed}), nothing found`),
    );
    console.log(
      [...tally]
        .sort(([, a], [, b]) => b - a)
        .map(([name, n]) => `${name} ${formatCount(n)}`)
        .join(", "),
    );
  } catch (error) {
    spinner.stop();
    if (!(error instanceof Finding)) throw error;
    console.error(colours.red(`Found, with seed ${flags.seed}: ${error.message}`));
    console.error(`npm run fuzz -- --hex ${toHex(error.input)}`);
    process.exitCode = 1;
  }
}

void main();
