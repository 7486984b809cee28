/**
 * `npm run test:node`: runs the tests that depend most on Node.js under other versions of it.
 *
 *  1. installs each version into node_modules/.cache/, from the packages in which npm carries its binaries
 *  2. runs those tests in it with `npm test`: the kernel, threads and processes, the practice network, the
 *     walls around learners' code, and `npm start`
 *  3. registers the kernel of `.venv` with this Node.js again
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { commandNamed } from "./cli/command";
import { Failure, runCommand, stopSignal } from "./cli/failure";
import { step } from "./cli/steps";
import { npmInstall } from "./setup/npm";
import { root } from "./setup/paths";
import { ensureJupyter, lastLine } from "./setup/venv";

/** The versions with long-term support besides the oldest that works, which `npm test` runs on. */
const VERSIONS = ["22", "24"];

const TESTS = [
  "test/kernel/interrupt",
  "test/kernel/protocol",
  "test/workers/",
  "test/practice/launch",
  "test/grading/answers",
  "test/grading/strong-walls",
  "test/grading/walls.test",
  "test/setup/start",
];

const command = commandNamed("npm run test:node --")
  .description("Runs the tests that depend most on Node.js under other versions of it.")
  .argument("[version...]", `such as 26, or 24.14.0 (default: ${VERSIONS.join(" and ")})`)
  .addHelpText("after", "\nThe versions are installed into node_modules/.cache/, with npm.");

/** Not in .course: the walls let a program see the folder that its Node.js is in, and must hide that one. */
const CACHE = path.join(root, "node_modules", ".cache");

/** Installs a version of Node.js, unless it is there. Resolves to the folder of its program. */
async function install(version: string, signal: AbortSignal): Promise<string> {
  const folder = path.join(CACHE, `node-${version}`);
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${system}-${process.arch}`;
  const bin = path.join(folder, "node_modules", name, "bin");
  if (existsSync(bin)) return bin;
  await mkdir(folder, { recursive: true });
  const { status, output } = await npmInstall(folder, `${name}@${version}`, signal);
  if (status === 0 && existsSync(bin)) return bin;
  await rm(folder, { recursive: true, force: true });
  throw new Failure(`Node.js ${version} could not be installed with npm: ${lastLine(output)}`);
}

/** Runs the tests with the `node` of a folder. Resolves to whether they passed. */
async function test(bin: string): Promise<boolean> {
  const PATH = [bin, process.env.PATH].join(path.delimiter);
  const child = spawn(path.join(bin, "node"), [path.join(root, "scripts", "run.cjs"), "test", ...TESTS], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH },
  });
  const [status] = await once(child, "exit");
  return status === 0;
}

async function main(versions: string[]): Promise<void> {
  const signal = stopSignal();
  const failed: string[] = [];
  try {
    for (const version of versions) {
      const bin = await step(`Installing Node.js ${version} if it is missing`, () =>
        install(version, signal),
      );
      if (!(await test(bin))) failed.push(version);
      signal.throwIfAborted();
    }
  } finally {
    await ensureJupyter();
  }
  if (failed.length > 0) throw new Failure(`Tests failed in Node.js ${failed.join(" and ")}.`);
  console.log(`The tests passed in Node.js ${versions.join(" and ")}.`);
}

command.action(() => {});
void runCommand(() => {
  const { args } = command.parse();
  return main(args.length > 0 ? args : VERSIONS);
});
