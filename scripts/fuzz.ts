/**
 * `npm run fuzz`: parses a million inputs that a hostile peer might send, and checks each result
 * (fuzz/trial.ts).
 *
 * Exit codes: 0 if all checks pass, 1 with the input in hexadecimal if one fails, 2 for a wrong call.
 */
import { fromHex, toHex } from "@course/lib/wire";
import { formatCount, Random } from "@course/lib/util";
import { InvalidArgumentError } from "commander";
import { commandNamed } from "./cli/command";
import { createSpinner } from "nanospinner";
import colours from "picocolors";
import { integer } from "./cli/integer-option";
import { countAllocations } from "./fuzz/allocations";
import { nextInput } from "./fuzz/inputs";
import { Finding, type OutcomeCounts, tryInput } from "./fuzz/trial";

/** How often progress is printed, in milliseconds: less often where every line stays. */
const PROGRESS_MS = process.stderr.isTTY ? 250 : 10_000;

interface Flags {
  inputs: number;
  seed: number;
  hex?: Uint8Array;
}

function bytes(text: string): Uint8Array {
  try {
    return fromHex(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

const program = commandNamed("npm run fuzz --")
  .description(
    "Parses random bytes, and changed copies of recorded messages. Each must give a message or a ProtocolError, in time and in little memory, and a message must be written as the same bytes.",
  )
  .option("--inputs <n>", "number of inputs", integer(1, 1e12), 1_000_000)
  .option(
    "--seed <n>",
    "the same seed gives the same inputs",
    integer(0, Number.MAX_SAFE_INTEGER),
    Date.now() % 1e6,
  )
  .option("--hex <bytes>", "try only this input: one that failed before", bytes)
  .allowExcessArguments(false);

/**
 * Tries inputs, and calls `onProgress` with their number every PROGRESS_MS.
 *
 * @throws Finding
 */
async function fuzz(
  { inputs, seed, hex }: Flags,
  onProgress: (done: number) => Promise<void>,
): Promise<OutcomeCounts> {
  const counts: OutcomeCounts = new Map();
  const random = new Random(seed, "fuzz");
  countAllocations();
  Error.stackTraceLimit = 0; // no stack is shown, and collecting them would take most of the time
  if (hex) await tryInput(hex, random, counts);
  let lastProgressAt = performance.now();
  for (let done = 0; !hex && done < inputs; done++) {
    await tryInput(nextInput(random), random, counts);
    if (performance.now() - lastProgressAt < PROGRESS_MS) continue;
    await onProgress(done + 1);
    lastProgressAt = performance.now();
  }
  return counts;
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
    const counts = await fuzz(flags, async (done) => {
      spinner.update({ text: `${formatCount(done)} of ${formatCount(total)} inputs (seed ${flags.seed})` });
      if (!process.stderr.isTTY) console.error(`${formatCount(done)} of ${formatCount(total)} inputs`);
      await new Promise(setImmediate); // lets the spinner turn and Ctrl-C arrive
    });
    spinner.stop();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      colours.green(`${formatCount(total)} inputs in ${seconds} s (seed ${flags.seed}), nothing found`),
    );
    console.log(
      [...counts]
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
