/**
 * `npm run bench`: how fast the library reads and crawls, as ratios within one run.
 *
 * Exit codes: 0, or 1 if a target is missed or something cannot be measured, 2 for a wrong call.
 */
import { loadavg } from "node:os";
import { Argument, Command, InvalidArgumentError } from "commander";
import { createSpinner } from "nanospinner";
import { PLACEMENT } from "./bench/cores";
import { reading } from "./bench/reading";
import { print, type Report } from "./bench/report";
import { compileClients } from "./bench/run-client";
import { growth, speed } from "./bench/speed";
import { wholeNetwork } from "./bench/whole-network";

interface Flags {
  rounds: number;
  readingRounds: number;
  roundMs: number;
  peers: number;
  json?: true;
}

type Log = (text: string) => void;

const PARTS: Record<string, (flags: Flags, log: Log) => Promise<Report>> = {
  reading: ({ readingRounds, roundMs }) => reading({ rounds: readingRounds, roundMs }),
  speed: (flags, log) => speed({ ...flags, log }),
  growth: (flags, log) => growth({ ...flags, log }),
  whole: (flags, log) => wholeNetwork({ ...flags, log }),
};

function integer(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}

const program = new Command("npm run bench --")
  .description(
    "Measures the library against references that run in turns with it: reading (version messages), speed (handshakes with peers that answer at once), growth (1,000 to 50,000 peers), whole (the whole network at real latencies, 1,000 to 9,000 at once). Takes some ten minutes, and wants a machine that has nothing else to do.",
  )
  .addArgument(new Argument("[part...]", "what to measure; all if none is named").choices(Object.keys(PARTS)))
  .option("--rounds <n>", "how many rounds of each crawl; the median counts", integer(1, 100), 5)
  .option("--peers <n>", "how many peers speed and whole have", integer(100, 10_000), 10_000)
  .option("--reading-rounds <n>", "how many rounds of reading", integer(5, 1000), 25)
  .option(
    "--round-ms <n>",
    "how long each takes in a round of reading, in milliseconds",
    integer(1, 10_000),
    40,
  )
  .option("--json", "print JSON alone")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const BUSY = 0.5;

async function main(): Promise<void> {
  program.parse();
  const flags = program.opts<Flags>();
  const parts = program.args.length > 0 ? program.args : Object.keys(PARTS);
  const [load] = loadavg();
  if (load > BUSY) console.error(`The machine is busy (load ${load.toFixed(1)}): figures will scatter.`);
  if (parts.some((part) => part !== "reading")) compileClients();
  const reports: Record<string, Report> = {};
  for (const part of parts) {
    reports[part] = await measurePart(part, flags);
    if (!flags.json) print(reports[part]);
  }
  if (flags.json)
    console.log(JSON.stringify({ node: process.version, load, placement: PLACEMENT, ...flags, reports }));
  else console.log(`\n${PLACEMENT} Medians of ${flags.rounds} rounds, each run on a fresh network.`);
  const isMissed = Object.values(reports).some(({ targets }) => targets.some(({ met }) => met === false));
  process.exitCode = isMissed ? 1 : 0;
}

/** One part, with a line on the way that says how far it is. */
async function measurePart(part: string, flags: Flags): Promise<Report> {
  const spinner = createSpinner(part, { stream: process.stderr }).start();
  try {
    const report = await PARTS[part](flags, (text) => spinner.update({ text: `${part}, ${text}` }));
    spinner.stop();
    return report;
  } catch (error) {
    spinner.error({ text: `${part}: ${(error as Error).message}` });
    process.exit(1);
  }
}

void main();
