/**
 * `npm run bench`: how fast the library reads version messages, as ratios within one run.
 *
 * Exit codes: 0, or 1 if a target is missed or something cannot be measured, 2 for a wrong call.
 */
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { createSpinner } from "nanospinner";
import colours from "picocolors";
import { contestants } from "./bench/parse-version";
import { measure, type Result } from "./bench/rounds";

/** The least that the library may be, of the floor's speed and of that of the fastest published one. */
const TARGETS = { floor: 0.9, published: 1.5 };

interface Flags {
  rounds: number;
  roundMs: number;
  json?: true;
}

function integer(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}

const program = new Command("npm run bench --")
  .description(
    "Measures how many version messages a second are read, from header to last field: by the library, by the least code that can do it, and by published implementations.",
  )
  .option("--rounds <n>", "how many rounds; the median counts", integer(5, 1000), 25)
  .option("--round-ms <n>", "how long each takes in a round, in milliseconds", integer(1, 10_000), 40)
  .option("--json", "print JSON alone")
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

interface Verdict {
  ofFloor: number;
  ofPublished: number;
  met: boolean;
}

/** The library's speed as a multiple of the floor's, and of the fastest published one's. */
function judge([, ours, ...published]: readonly Result[]): Verdict {
  const ofPublished = ours.ratio / Math.max(...published.map(({ ratio }) => ratio));
  const met = ours.ratio >= TARGETS.floor && ofPublished >= TARGETS.published;
  return { ofFloor: ours.ratio, ofPublished, met };
}

function print(results: readonly Result[], { ofFloor, ofPublished, met }: Verdict): void {
  const table = new Table({ head: ["reads version messages", "a second", "of the floor"] });
  for (const { name, perSecond, ratio } of results) {
    table.push([name, perSecond.toLocaleString("en-US"), ratio.toFixed(2)]);
  }
  console.log(table.toString());
  const sentence =
    `${ofFloor.toFixed(2)} of the floor (target: ${TARGETS.floor}), ` +
    `${ofPublished.toFixed(2)} times the fastest published one (target: ${TARGETS.published})`;
  console.log(met ? colours.green(sentence) : colours.red(sentence));
}

async function main(): Promise<void> {
  const flags = program.parse().opts<Flags>();
  const spinner = createSpinner("Installing what is published, if need be …", { stream: process.stderr });
  spinner.start();
  try {
    const all = await contestants();
    const seconds = Math.ceil((all.length * (flags.rounds + 2) * flags.roundMs) / 1000);
    spinner.update({ text: `Measuring for ${seconds} s or more …` });
    await new Promise(setImmediate); // so that the line is there before the processor is busy
    const results = measure(all, flags);
    spinner.stop();
    const verdict = judge(results);
    if (flags.json) console.log(JSON.stringify({ node: process.version, ...flags, results, ...verdict }));
    else print(results, verdict);
    process.exitCode = verdict.met ? 0 : 1;
  } catch (error) {
    spinner.error({ text: (error as Error).message });
    process.exitCode = 1;
  }
}

void main();
