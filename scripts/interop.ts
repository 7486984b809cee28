/**
 * `npm run test:interop`: tests our code against other Bitcoin software, as caller and as peer.
 *
 *  1. installs real nodes into .course/nodes/ (node-software/run.ts), and compiles there btcd's client and
 *     a program with the Rust crate bip324
 *  2. runs test/interop/ with vitest; `npm test` and vitest alone leave these tests out
 *  3. installs Valkey there, and runs the tests of shared crawls on it: `npm test` runs these on the machine's Redis
 *  4. without Go, Rust, or a Valkey for this machine, leaves out the tests that need it, and names them in the last
 *     lines
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { promisify } from "node:util";
import { commandNamed } from "./cli/command";
import colours from "picocolors";
import { NODE_SOFTWARE, nameOf, type NodeSoftware } from "./node-software/releases";
import { install } from "./node-software/run";
import { installValkey } from "./node-software/valkey";
import { Failure, runCommand, stopSignal } from "./cli/failure";
import { courseFolder, root } from "./setup/paths";
import { step } from "./cli/steps";

const CLIENT_SOURCE = path.join(root, "test", "interop", "client");
const CLIENT = path.join(courseFolder, "nodes", process.platform === "win32" ? "client.exe" : "client");
const CRATE_SOURCE = path.join(root, "test", "interop", "bip324");
const CRATE_FOLDER = path.join(courseFolder, "nodes", "bip324");
const CRATE = path.join(
  CRATE_FOLDER,
  "debug",
  process.platform === "win32" ? "bip324-echo.exe" : "bip324-echo",
);
const BUILD_LIMIT_MS = 15 * 60_000;

/** The newest release of each software. */
const NODES = NODE_SOFTWARE.filter(({ software }) => ["btcd", "bcoin"].includes(software)).filter(
  ({ software }, i, all) => all.findIndex((other) => other.software === software) === i,
);

const command = commandNamed("npm run test:interop --")
  .description(
    "Tests our code against real Bitcoin software on loopback: nodes that our code calls (btcd, bcoin), btcd's own client, which calls practice peers, and the Rust crate bip324, both ways; and shared crawls on Valkey.\nThe software is installed into .course/nodes/ at the first use; btcd and its client need Go, the crate needs Rust and a C compiler. All arguments go to vitest.",
  )
  .argument("[path or option...]", "test/interop/nodes, or -t 'part of a title', for example")
  .allowUnknownOption()
  .action(() => {});

async function interop(args: string[]): Promise<void> {
  const signal = stopSignal();
  const [go, rust] = [await have("go", "version"), await have("cargo", "--version")];
  const nodes = NODES.filter(({ software }) => go || software !== "btcd");
  for (const node of nodes) await prepare(node, signal);
  if (go) await step("Compiling btcd's client if it has changed", () => buildClient(signal));
  if (rust) await step("Compiling the crate bip324 if it is missing", () => buildCrate(signal));
  const valkey = await step("Installing Valkey if it is missing", () => installValkey(signal));
  const all = ["test/interop", ...(valkey === undefined ? [] : SHARED_CRAWLS)];
  const chosen = args.some((arg) => arg.startsWith("test/")) ? [] : all;
  const status = await runVitest([...chosen, ...args], nodes, {
    INTEROP_CLIENT: go ? CLIENT : undefined,
    INTEROP_BIP324: rust ? CRATE : undefined,
    ...(valkey !== undefined && { COURSE_REDIS: valkey }),
  });
  if (status !== 0) process.exitCode = 1;
  if (!go) {
    console.log(
      colours.yellow(
        "SKIPPED: the tests against btcd, and of btcd's client against practice peers, did not run, because there is no Go on this machine (https://go.dev/doc/install).",
      ),
    );
  }
  if (valkey === undefined) {
    console.log(
      colours.yellow(
        "SKIPPED: the tests of shared crawls did not run on Valkey, because there is no package of it for this machine's system and Python.",
      ),
    );
  }
  if (!rust) {
    console.log(
      colours.yellow(
        "SKIPPED: the tests against the crate bip324 did not run, because there is no Rust on this machine (https://www.rust-lang.org/tools/install).",
      ),
    );
  }
}

/** The tests of a frontier on a server, and of processes that share a crawl. */
const SHARED_CRAWLS = ["contract", "sharing", "join", "trouble", "command"].map(
  (name) => `test/frontier/${name}.test.ts`,
);

/** Resolves to whether there is such a program. */
async function have(program: string, argument: string): Promise<boolean> {
  return promisify(execFile)(program, [argument]).then(
    () => true,
    () => false,
  );
}

async function prepare(node: NodeSoftware, signal: AbortSignal): Promise<void> {
  try {
    await step(`Installing ${nameOf(node)} if it is missing`, () => install(node, signal));
  } catch (error) {
    signal.throwIfAborted();
    throw new Failure((error as Error).message);
  }
}

async function buildClient(signal: AbortSignal): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false -mod=readonly" };
  const options = { cwd: CLIENT_SOURCE, env, signal, timeout: BUILD_LIMIT_MS };
  try {
    await promisify(execFile)("go", ["build", "-o", CLIENT, "."], options);
  } catch (error) {
    signal.throwIfAborted();
    throw new Failure(`btcd's client could not be compiled: ${(error as { stderr?: string }).stderr}`);
  }
}

async function buildCrate(signal: AbortSignal): Promise<void> {
  const options = { cwd: CRATE_SOURCE, signal, timeout: BUILD_LIMIT_MS };
  try {
    await promisify(execFile)("cargo", ["build", "--locked", "--target-dir", CRATE_FOLDER], options);
  } catch (error) {
    signal.throwIfAborted();
    throw new Failure(`the crate bip324 could not be compiled: ${(error as { stderr?: string }).stderr}`);
  }
}

/** Runs the tests with the installed nodes and `programs`. Resolves to vitest's exit status. */
async function runVitest(
  args: string[],
  nodes: readonly NodeSoftware[],
  programs: NodeJS.ProcessEnv,
): Promise<number> {
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const env = { ...process.env, INTEROP_NODES: nodes.map(nameOf).join(" "), ...programs };
  const child = spawn(process.execPath, [vitest, "run", ...args], {
    cwd: root,
    stdio: "inherit",
    env,
  });
  const [status] = await once(child, "exit");
  return (status as number | null) ?? 1;
}

void runCommand(() => interop(command.parse().args));
