/**
 * Installs JupyterLab into `.venv`, the project's Python environment.
 *
 * The stamp is written last and marks the environment as complete. An environment without the right stamp was
 * interrupted, or has another Python or other packages: it is removed and made again.
 */
import { createHash } from "node:crypto";
import { access, constants, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../cli/failure";
import { installKernel, kernelIn } from "./kernelspec";
import { withLock } from "./lock";
import { requirements, root, venv, venvPython } from "./paths";
import { run, runModule } from "./processes";
import { installSettings } from "./settings";
import { findPython, type Python } from "./python";
import { type ShowDetail, step } from "../cli/steps";

const stampFile = path.join(venv, ".course-stamp");

/**
 * Makes `.venv` with JupyterLab and our kernel, unless it is complete.
 *
 * @throws Failure that says what to do. Then it leaves no incomplete environment behind.
 */
export async function ensureJupyter(signal?: AbortSignal): Promise<void> {
  if (!(await isComplete())) {
    const onWait = () => console.error("Another set-up of this folder is under way: waiting for it …");
    await requireWritable();
    await withLock(path.join(root, ".course", "setup.lock"), () => makeUnlessComplete(signal), {
      onWait,
      signal,
    });
  }
  await installKernel(kernelIn(venv));
  await installSettings(venv);
}

/** Throws a Failure if `.venv` cannot be made, because the course is only there to be read. */
async function requireWritable(): Promise<void> {
  await access(root, constants.W_OK).catch(() => {
    throw new Failure(
      `JupyterLab is not set up in ${root}, or not with the packages that the course needs now, and you may not write there: run \`npm run setup\` as the owner of that folder (with a Jupyter of your own, \`npm run kernel\` does without).`,
    );
  });
}

async function makeUnlessComplete(signal?: AbortSignal): Promise<void> {
  if (await isComplete()) return;
  await rm(venv, { recursive: true, force: true });
  try {
    await makeVenv(await findPython(signal), signal);
  } catch (error) {
    await rm(venv, { recursive: true, force: true });
    throw error;
  }
}

/** Returns the stamp of a complete environment with these packages. */
export function stampFor(packages: string, pythonVersion: string): string {
  return `${createHash("sha256").update(packages).digest("hex")} ${pythonVersion}\n`;
}

async function isComplete(): Promise<boolean> {
  const stamp = await readFile(stampFile, "utf8").catch(() => undefined);
  return stamp !== undefined && stamp === (await stampNow());
}

async function stampNow(): Promise<string | undefined> {
  const { status, output } = await run(venvPython, [
    "-c",
    "import sys; print(*sys.version_info[:2], sep='.')",
  ]);
  return status === 0 ? stampFor(await readFile(requirements, "utf8"), output.trim()) : undefined;
}

async function makeVenv(python: Python, signal?: AbortSignal): Promise<void> {
  await step(`Making a Python environment in .venv, with Python ${python.version.join(".")}`, async () => {
    const { status, output } = await runModule(python.path, ["venv", venv], { signal });
    if (status !== 0) throw new Failure(`Python could not make an environment in .venv: ${lastLine(output)}`);
  });
  await step("Installing JupyterLab into it (250 MB on disk)", (showDetail) =>
    installPackages(showDetail, signal),
  );
  await writeFile(stampFile, (await stampNow()) ?? "");
}

/** Flags of pip. Where packages come from is left to the user's settings. */
export const PIP = ["pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"];
const RETRY_FLAGS = ["--retries=1", "--timeout=15"];

async function installPackages(showDetail: ShowDetail, signal?: AbortSignal): Promise<void> {
  const total = countPackages(await readFile(requirements, "utf8"));
  let collected = 0;
  const onLine = (line: string) => {
    if (line.startsWith("Collecting ")) showDetail(`${++collected} of ${total} packages`);
    if (line.startsWith("Installing collected packages")) showDetail(`unpacking ${collected} packages`);
  };
  const { status, output } = await runModule(venvPython, [...PIP, ...RETRY_FLAGS, "-r", requirements], {
    onLine,
    signal,
  });
  if (status !== 0) throw new Failure(whyNotInstalled(output));
}

/** Returns how many packages a requirements file lists without a condition on the system. */
export function countPackages(packages: string): number {
  return packages.split("\n").filter((line) => /^[\w.-]+==/.test(line) && !line.includes(";")).length;
}

/** Returns a sentence on why pip failed, and what to do. */
export function whyNotInstalled(output: string): string {
  if (/No space left on device/.test(output)) {
    return "The disk is full: JupyterLab takes 250 MB in .venv, and as much again while it is installed; free some, then run the same command again.";
  }
  if (
    /connection broken|Failed to establish|ConnectTimeout|ReadTimeout|Read timed out|ProxyError|SSLError|name resolution/i.test(
      output,
    )
  ) {
    return "No package registry could be reached to install JupyterLab from: see that the internet is there (and that `pip config list` names the registry and the proxy you use), then run the same command again.";
  }
  return `pip could not install JupyterLab: ${lastLine(output)} (\`pip config list\` says which registry it asked).`;
}

/** Returns the last line that is an error, or the last line. */
export function lastLine(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim());
  return (
    lines.filter((line) => line.startsWith("ERROR:")).at(-1) ??
    lines.at(-1) ??
    "it gave no reason"
  ).trim();
}
