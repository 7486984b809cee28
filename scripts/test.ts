/**
 * `npm test`: installs what the tests need, and runs them.
 *
 *  1. installs JupyterLab into `.venv` and a Chromium if the chosen tests need them, and nbgrader and JupyterHub if
 *     their tests are named
 *  2. runs vitest with all arguments
 *  3. prints how many tests passed and failed, and whether the browser tests did not run: that is an error
 *     with CI or COURSE_REQUIRE_BROWSER set
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { commandNamed } from "./cli/command";
import colours from "picocolors";
import { findChromium, installChromium } from "./setup/chromium";
import { Failure, runCommand, stopSignal } from "./cli/failure";
import { courseFolder, root } from "./setup/paths";
import { ensureHub } from "./setup/hub";
import { ensureNbgrader } from "./setup/nbgrader";
import { BROWSER, NAMED_ONLY, NBGRADER, needsOf, testFiles } from "./setup/test-needs";
import { ensureJupyter } from "./setup/venv";

const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const resultsFile = path.join(courseFolder, "test-results.json");

const command = commandNamed("npm test --")
  .description("Runs the tests; parts of paths choose files. All arguments go to vitest (npx vitest --help).")
  .argument("[path or option...]", "test/practice, or -t 'part of a title', or --watch, for example")
  .addHelpText(
    "after",
    "\nInstalls JupyterLab or a Chromium first if the tests need them. CHROMIUM_PATH names a Chromium to use.\n" +
      `Those that take minutes run only if they are named: npm test -- ${NAMED_ONLY.join(" ")}\n` +
      "Without one the browser tests are left out; with CI=true or COURSE_REQUIRE_BROWSER=1 that is an error.",
  )
  .allowUnknownOption();

async function test(args: string[]): Promise<void> {
  const signal = stopSignal();
  const needs = needsOf(args, testFiles());
  if (needs.jupyter) await ensureJupyter(signal);
  const leavesOutNbgrader = needs.nbgrader && !(await ensureNbgrader(signal));
  if (needs.hub) await ensureHub(signal);
  const chromium = needs.browser ? await ensureChromium(signal) : undefined;
  const leavesOut = needs.browser && !chromium;
  const status = await runVitest(args, {
    ...(leavesOut ? {} : { CHROMIUM_PATH: chromium }),
    COURSE_TESTS_LEFT_OUT: [
      ...needs.leftOut,
      ...(leavesOut ? [BROWSER] : []),
      ...(leavesOutNbgrader ? [NBGRADER] : []),
    ].join(" "),
  });
  if (status !== 0) process.exitCode = 1;
  await printFigures(status);
  if (leavesOutNbgrader)
    console.log(colours.yellow("The tests of nbgrader did not run: it needs Python 3.11 or newer."));
  if (leavesOut) warnNoBrowser();
}

async function ensureChromium(signal: AbortSignal): Promise<string | undefined> {
  return (await findChromium(signal)) ?? (await installChromium(signal));
}

/** Runs vitest, and resolves to its exit status. The terminal sends Ctrl-C to vitest, too. */
async function runVitest(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  await rm(resultsFile, { force: true });
  const reporters = args.some((arg) => arg.startsWith("--reporter")) ? [] : ["--reporter=default"];
  const child = spawn(
    process.execPath,
    [
      vitest,
      ...(args.includes("--watch") ? [] : ["run"]),
      ...reporters,
      "--reporter=json",
      `--outputFile.json=${resultsFile}`,
      ...args,
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, ...env } },
  );
  const [status] = await once(child, "exit");
  return (status as number | null) ?? 1;
}

function warnNoBrowser(): void {
  const sentence =
    "The browser tests did not run: there is no Chromium, and none could be installed. Install Chromium or Google Chrome, or set CHROMIUM_PATH.";
  if (process.env.CI || process.env.COURSE_REQUIRE_BROWSER) throw new Failure(sentence);
  console.log(colours.yellow(sentence));
}

/** Prints the last line: how many tests passed and failed, from vitest's own report. */
async function printFigures(status: number): Promise<void> {
  const report = await readFile(resultsFile, "utf8").catch(() => undefined);
  if (report === undefined) return;
  const { numPassedTests: passed, numFailedTests: failed, numFailedTestSuites: suites } = JSON.parse(report);
  const more =
    status !== 0 && failed === 0 ? `, and vitest ended with an error (${suites} files failed)` : "";
  console.log(`${passed} passed, ${failed} failed${more}`);
}

command.action(() => {});
void runCommand(() => test(command.parse().args));
