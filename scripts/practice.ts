/**
 * npm run practice: serves the practice network until Ctrl-C.
 *
 * It also stops when its parent ends, such as a closed terminal or a killed npm.
 * Exit codes: 0 after it was stopped, 1 if the machine does not allow it, 2 for a usage error.
 */
import { PRACTICE_URL } from "@course/lib/bitnodes";
import { countBy } from "@course/lib/data";
import {
  BEHAVIOUR_NAMES,
  type BehaviourName,
  DEFAULT_POPULATION,
  POPULATION_NAMES,
  type PopulationName,
  PracticeError,
  type PracticeNetwork,
  type PracticeOptions,
  servePracticeNetwork,
} from "@course/lib/practice";
import { formatCount } from "@course/lib/util";
import { InvalidArgumentError, Option } from "commander";
import { commandNamed } from "./cli/command";
import pc from "picocolors";
import { integer } from "./cli/integer-option";
import { exitWhenStopped, serveOnOrFree } from "./cli/serving";

interface Flags {
  peers: number;
  population: PopulationName;
  seed: number;
  latency: number;
  port?: number;
  fields: 5 | 13;
  v2?: number;
  behaviour?: BehaviourName[];
  manner?: BehaviourName[];
  json?: true;
}

const DEFAULT_API_PORT = Number(new URL(PRACTICE_URL).port);

function factor(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1000) return value;
  throw new InvalidArgumentError("Expected a number from 0 (answers at once) to 1000; 1 is as in real life.");
}

function fields(text: string): 5 | 13 {
  if (text === "5") return 5;
  if (text === "13") return 13;
  throw new InvalidArgumentError("Expected 5 (as since November 2025) or 13 (as before).");
}

function shareOfPeers(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a share from 0 to 1: 0.8, for example.");
}

const program = commandNamed("npm run practice --")
  .description(
    "Serves the practice network: made-up Bitcoin nodes and their bitnodes API, on this computer only.",
  )
  .option("--peers <n>", "number of peers", integer(1, 60_000), 10_000)
  .addOption(
    new Option("--population <year>", "which year's network to serve")
      .choices(POPULATION_NAMES)
      .default(DEFAULT_POPULATION),
  )
  .option("--seed <n>", "the same seed gives the same network", integer(0, Number.MAX_SAFE_INTEGER), 1)
  .option(
    "--latency <factor>",
    "factor of the peers' delays: 0 answers at once, 1 is as in real life",
    factor,
    1,
  )
  .option("--port <n>", `port of the API (default: ${DEFAULT_API_PORT}, or a free one)`, integer(0, 65_535))
  .option("--fields <5|13>", "number of fields per node in the API", fields, 13)
  .option(
    "--v2 <share>",
    "share of peers that speak v2 (BIP 324), from 0 to 1 (default: as in that year)",
    shareOfPeers,
  )
  .addOption(
    new Option(
      "--behaviour <name...>",
      "serve only peers with these behaviours, in equal shares, and no nodes behind Tor or in I2P",
    ).choices(BEHAVIOUR_NAMES),
  )
  // The old name of --behaviour, until 0.1: remove it in the release after the next.
  .addOption(new Option("--manner <name...>").choices(BEHAVIOUR_NAMES).hideHelp())
  .option("--json", "print one line of JSON, and use any free port")
  .allowExcessArguments(false);

async function main(): Promise<void> {
  const flags = program.parse().opts<Flags>();
  exitWhenStopped();
  if (!flags.json) console.error(`Starting ${formatCount(flags.peers)} peers of ${flags.population} …`);
  const network = await serve(flags);
  const { api, peers, population, token } = network;
  if (flags.json) console.log(JSON.stringify({ api, peers, population, token }));
  else await summarize(network, flags);
}

/**
 * Serves on the port of `--port`.
 *
 * Without it, serves on the default port, or on a free one if that is taken.
 */
async function serve({
  port,
  json,
  manner,
  behaviour: behaviours = manner,
  ...options
}: Flags): Promise<PracticeNetwork> {
  const at = (apiPort: number) =>
    servePracticeNetwork({ ...(options as PracticeOptions), behaviours, apiPort });
  if (port !== undefined) return at(port);
  if (json) return at(0);
  return serveOnOrFree(DEFAULT_API_PORT, at, ", perhaps by another practice network");
}

async function summarize(network: PracticeNetwork, { latency, seed }: Flags): Promise<void> {
  const truth = await network.truth();
  const peers = truth.slice(0, network.peers);
  const count = (network: "onion" | "i2p") => truth.filter(({ behaviour }) => behaviour === network).length;
  const line = (title: string, text: string) => console.log(`  ${pc.bold(title.padEnd(12))}${text}`);
  console.log(`${pc.green("The practice network is up")}: made-up Bitcoin nodes, on this computer only.\n`);
  const inI2P = count("i2p") > 0 ? ` and ${formatCount(count("i2p"))} in I2P` : "";
  line("population", network.population);
  line("peers", `${formatCount(peers.length)}, and ${formatCount(count("onion"))} behind Tor${inI2P}`);
  line("proxies", `${network.proxies.tor} to Tor, ${network.proxies.i2p} to I2P`);
  line("addresses", `${peers[0].address} and others`);
  line(
    "behaviours",
    [...countBy(peers, ({ behaviour }) => behaviour)]
      .map(([name, n]) => `${name} ${formatCount(n)}`)
      .join(", "),
  );
  line("seed", `${seed}, latency factor ${latency}`);
  line("API", network.api);
  line("", `try: curl ${network.api}snapshots/latest/ | head -c 500`);
  if (network.note) console.log(`\n${pc.yellow(network.note)}`);
  console.log("\nCtrl-C stops it.");
}

main().catch((error: unknown) => {
  console.error(error instanceof PracticeError ? sentence(error.message) : error);
  const isUsageError =
    error instanceof PracticeError && (error.code === "PORT_TAKEN" || error.code === "BAD_OPTION");
  process.exit(isUsageError ? 2 : 1);
});

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
