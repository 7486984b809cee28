/**
 * `npm start`: takes a fresh clone to the first notebook in the browser.
 *
 *  1. sets up what is missing, as `npm run setup` does
 *  2. starts the network that the notebooks call
 *  3. starts JupyterLab, and opens the first notebook in the browser
 *  4. when stopped, ends all of it in reverse order
 */
import { once } from "node:events";
import { POPULATION_NAMES, type PopulationName } from "@course/lib/practice";
import { InvalidArgumentError, Option } from "commander";
import { commandNamed } from "./cli/command";
import colours from "picocolors";
import { openBrowser } from "./setup/browser";
import { Failure, runCommand, stopSignal } from "./cli/failure";
import { type Jupyter, PortTaken, startJupyter } from "./setup/jupyter";
import { startNetwork } from "./setup/network";
import { choosePort } from "./setup/port";
import { step } from "./cli/steps";
import { setUp } from "./setup/set-up";

interface Options {
  live: boolean;
  network?: PopulationName;
  browser: boolean;
  port?: number;
}

const command = commandNamed("npm start --")
  .description(
    "Installs what is missing, starts the practice network and JupyterLab, and opens the first notebook.",
  )
  .option(
    "--live",
    "the real Bitcoin network instead of the practice network",
    process.env.COURSE_NETWORK === "live",
  )
  .addOption(
    new Option("--network <year>", "which year's practice network to use")
      .choices(POPULATION_NAMES)
      .conflicts("live"),
  )
  .option("--no-browser", "print the address, and do not open it")
  .option("--port <number>", "JupyterLab's port (default: the first free one from 8888)", parsePort)
  .allowExcessArguments(false);

/** Parses a port from 1 to 65535. */
function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new InvalidArgumentError("Expected a number from 1 to 65535.");
  }
  return port;
}

async function start(options: Options): Promise<void> {
  const signal = stopSignal();
  if (options.port !== undefined) await choosePort(options.port);
  await setUp({ jupyter: true, signal });
  const network = await startNetwork(options.live, options.network);
  try {
    const env = { ...process.env, ...network.env };
    const jupyter = await step("Starting JupyterLab", () => startOnFreePort(options.port, env, signal));
    await serve(jupyter, options, signal);
  } finally {
    await network.stop();
  }
}

/** Starts JupyterLab on the port that was asked for, or on a free one: on the next if another program was faster. */
async function startOnFreePort(
  asked: number | undefined,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Jupyter> {
  for (;;) {
    try {
      return await startJupyter(await choosePort(asked), env, signal);
    } catch (error) {
      if (!(error instanceof PortTaken) || asked !== undefined) throw error;
    }
  }
}

/**
 * Prints JupyterLab's address, and waits until `signal` is aborted.
 *
 * @throws Failure if JupyterLab ends by itself.
 */
async function serve(jupyter: Jupyter, options: Options, signal: AbortSignal): Promise<void> {
  console.log(`\nThe course is at ${colours.bold(jupyter.address)}\nStop it with Ctrl-C.\n`);
  if (options.browser) openBrowser(jupyter.address);
  try {
    const reason = await Promise.race([jupyter.ended, signal.aborted || once(signal, "abort")]);
    if (typeof reason === "string") throw new Failure(reason);
  } finally {
    await step("Stopping JupyterLab and its kernels", jupyter.stop);
  }
}

void runCommand(() => start(command.parse().opts<Options>()));
