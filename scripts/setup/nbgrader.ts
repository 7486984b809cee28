/**
 * Installs nbgrader into a Python environment of its own, for the tests of what `npm run handout` makes for it.
 *
 * It stands on `.venv`: what is there is not installed a second time.
 */
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../cli/failure";
import { step } from "../cli/steps";
import { installKernel } from "./kernelspec";
import { courseFolder, pythonOf, requirements, root, venvPython } from "./paths";
import { run, runModule } from "./processes";
import { ensureJupyter, lastLine, PIP } from "./venv";

const nbgraderVenv = path.join(courseFolder, "nbgrader");
/** The Python that has nbgrader. */
export const nbgraderPython = pythonOf(nbgraderVenv);

const stampFile = path.join(nbgraderVenv, ".course-stamp");
const packages = path.join(root, "requirements-nbgrader.txt");

/**
 * Makes the environment, unless it is complete. Resolves to false if the Python of `.venv` is too old for nbgrader,
 * which needs 3.11.
 *
 * @throws Failure that says what to do. Then it leaves no incomplete environment behind.
 */
export async function ensureNbgrader(signal?: AbortSignal): Promise<boolean> {
  await ensureJupyter(signal);
  const { output: version } = await run(venvPython, ["--version"]);
  if (/ 3\.10\./.test(version)) return false;
  const stamp = await stampFor(version);
  if ((await readFile(stampFile, "utf8").catch(() => undefined)) !== stamp) {
    await rm(nbgraderVenv, { recursive: true, force: true });
    try {
      await step("Installing nbgrader into .course/nbgrader", () => install(signal));
      await writeFile(stampFile, stamp);
    } catch (error) {
      await rm(nbgraderVenv, { recursive: true, force: true });
      throw error;
    }
  }
  await installKernel(path.join(nbgraderVenv, "share", "jupyter", "kernels", "tslab"));
  return true;
}

async function install(signal?: AbortSignal): Promise<void> {
  await python(venvPython, ["venv", nbgraderVenv], signal);
  const [ours, theirs] = [await sitePackages(venvPython), await sitePackages(nbgraderPython)];
  await writeFile(path.join(theirs, "course.pth"), `${ours}\n`);
  await python(nbgraderPython, [...PIP, "-r", packages], signal);
}

async function python(command: string, args: string[], signal?: AbortSignal): Promise<void> {
  const { status, output } = await runModule(command, args, { signal });
  if (status !== 0) throw new Failure(`nbgrader could not be installed for its tests: ${lastLine(output)}`);
}

/** Returns the folder in which a Python looks for packages. */
async function sitePackages(command: string): Promise<string> {
  const { output } = await run(command, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
  return output.trim();
}

/** Returns what the environment depends on: the packages, and the Python of `.venv`. */
async function stampFor(version: string): Promise<string> {
  const texts = await Promise.all([packages, requirements].map((file) => readFile(file, "utf8")));
  return `${createHash("sha256")
    .update(JSON.stringify([texts, version]))
    .digest("hex")}\n`;
}
