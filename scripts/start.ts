/**
 * `npm start`: from a fresh clone to the first notebook in the browser.
 *
 *  1. JupyterLab and the kernel in `.venv`, unless they are there
 *  2. the network that the notebooks call
 *  3. JupyterLab, and the first notebook in the browser
 *  4. when it is stopped: all of it ends, in the opposite order
 */
import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import colours from "picocolors";
import { openBrowser } from "./setup/browser";
import { Failure, runCommand, stopSignal } from "./cli/failure";
import { type Jupyter, startJupyter } from "./setup/jupyter";
import { startNetwork } from "./setup/network";
import { choosePort } from "./setup/port";
import { step } from "./cli/steps";
import { ensureJupyter } from "./setup/venv";

interface Options {
  live: boolean;
  browser: boolean;
  port?: number;
}

const command = new Command("npm start --")
  .description(
    "Sets up what is missing, starts the practice network and JupyterLab, and opens the first notebook.",
  )
  .option(
    "--live",
    "the real Bitcoin network instead of the practice network",
    process.env.COURSE_NETWORK === "live",
  )
  .option("--no-browser", "print the address, and leave opening it to you")
  .option("--port <number>", "JupyterLab's port (default: 8888, or the next one that is free)", parsePort)
  .allowExcessArguments(false);

/** A port from 1 to 65535. */
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
  await ensureJupyter(signal);
  const network = await startNetwork(options.live);
  try {
    const env = { ...process.env, ...network.env };
    const port = await choosePort(options.port);
    const jupyter = await step("Starting JupyterLab", () => startJupyter(port, env, signal));
    await serve(jupyter, options, signal);
  } finally {
    await network.stop();
  }
}

/** Says where JupyterLab is, and waits until it is told to stop. Throws a Failure if JupyterLab ends by itself. */
async function serve(jupyter: Jupyter, options: Options, signal: AbortSignal): Promise<void> {
  console.log(`\nThe course is at ${colours.bold(jupyter.address)}\nStop it with Ctrl-C.\n`);
  if (options.browser) openBrowser(jupyter.address);
  try {
    const why = await Promise.race([jupyter.ended, signal.aborted || once(signal, "abort")]);
    if (typeof why === "string") throw new Failure(why);
  } finally {
    await step("Stopping JupyterLab and its kernels", jupyter.stop);
  }
}

void runCommand(() => start(command.parse().opts<Options>()));
