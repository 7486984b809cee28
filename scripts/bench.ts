/**
 * `npm run bench`: measures how fast the library reads and crawls, as ratios within one run.
 *
 *  - reading: version messages read per second, against the least code that can do it and published libraries
 *  - speed: handshakes per second with peers that answer at once, against bare sockets, Python and two threads
 *  - growth: CPU time per visit and peak memory of crawls of 1,000, 10,000 and 50,000 peers
 *  - whole: time and missed peers in a crawl of the whole network at real latencies, 1,000 to 9,000 at once
 *  - discover: a network without a list, 10,000 and 50,000 peers, against a crawl of the list
 *  - grade: how long grading takes, and how many submissions that is in a quarter of an hour
 *  - frontier: what a shared crawl costs its Redis server, and what two and four machines bring
 *  - v2: CPU time of an encrypted handshake, against Node's own primitives, and crawls in v2 against v1
 *
 * Exit codes: 0; 1 if a target is missed or a part cannot be measured; 2 for a wrong call.
 */
import { loadavg } from "node:os";
import { Argument } from "commander";
import { commandNamed } from "./cli/command";
import { createSpinner } from "nanospinner";
import { PLACEMENT } from "./bench/cores";
import { discovery } from "./bench/discovery";
import { encrypted } from "./bench/encrypted";
import { frontier } from "./bench/frontier";
import { grading } from "./bench/grading";
import { reading } from "./bench/reading";
import { print, type Report } from "./bench/report";
import { compileClients } from "./bench/run-client";
import { growth, speed } from "./bench/speed";
import { wholeNetwork } from "./bench/whole-network";
import { integer } from "./cli/integer-option";

interface Flags {
  rounds: number;
  readingRounds: number;
  roundMs: number;
  peers: number;
  learners: number;
  json?: true;
}

type Log = (text: string) => void;

const PARTS: Record<string, (flags: Flags, log: Log) => Promise<Report>> = {
  reading: ({ readingRounds, roundMs }) => reading({ rounds: readingRounds, roundMs }),
  speed: (flags, log) => speed({ ...flags, log }),
  growth: (flags, log) => growth({ ...flags, log }),
  v2: ({ readingRounds, roundMs, ...flags }, log) =>
    encrypted({ ...flags, handshakes: { rounds: readingRounds, roundMs }, log }),
  grade: (flags, log) => grading({ ...flags, log }),
  frontier: (flags, log) => frontier({ ...flags, log }),
  whole: (flags, log) => wholeNetwork({ ...flags, log }),
  discover: (flags, log) => discovery({ ...flags, log }),
};

const program = commandNamed("npm run bench --")
  .description(
    "Measures the library against references that run in turns with it: reading (version messages), speed (handshakes with peers that answer at once), growth (1,000 to 50,000 peers), v2 (the encrypted transport), grade (notebooks), frontier (a crawl shared on a Redis server), whole (the whole network at real latencies, 1,000 to 9,000 at once), discover (the same without a list, 10,000 and 50,000 peers). Takes some ten minutes, and needs an idle machine.",
  )
  .addArgument(new Argument("[part...]", "the parts to measure (default: all)").choices(Object.keys(PARTS)))
  .option("--rounds <n>", "rounds of each crawl; the report shows medians", integer(1, 100), 5)
  .option(
    "--peers <n>",
    "peers in speed, v2 and whole; fewer in discover, if below 10,000",
    integer(100, 10_000),
    10_000,
  )
  .option("--learners <n>", "learners of the class in grade", integer(1, 300), 12)
  .option("--reading-rounds <n>", "rounds of reading, and of handshakes in v2", integer(5, 1000), 25)
  .option("--round-ms <n>", "milliseconds per candidate in such a round", integer(1, 10_000), 40)
  .option("--json", "print only JSON");

/** The load average above which figures scatter. */
const BUSY_LOAD = 0.5;

async function main(): Promise<void> {
  program.parse();
  const flags = program.opts<Flags>();
  const parts = program.args.length > 0 ? program.args : Object.keys(PARTS);
  const [load] = loadavg();
  if (load > BUSY_LOAD) console.error(`The machine is busy (load ${load.toFixed(1)}): figures will scatter.`);
  if (parts.some((part) => part !== "reading" && part !== "grade")) compileClients();
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

/** Measures one part, with a spinner that shows its progress. Ends the process if it fails. */
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
