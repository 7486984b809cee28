/**
 * Python environments of their own for tests of other programs: nbgrader, JupyterHub.
 *
 * They stand on `.venv`: what is there is not installed a second time.
 */
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../cli/failure";
import { step } from "../cli/steps";
import { courseFolder, pythonOf, requirements, root, venvPython } from "./paths";
import { run, runModule } from "./processes";
import { ensureJupyter, lastLine, PIP } from "./venv";

/** An environment in `.course`, with the packages of `requirements-NAME.txt`. */
export interface ExtraVenv {
  /** As in the names of its folder and its list of packages. */
  name: string;
  /** As in messages. */
  title: string;
  folder: string;
  python: string;
}

export function extraVenv(name: string, title: string): ExtraVenv {
  const folder = path.join(courseFolder, name);
  return { name, title, folder, python: pythonOf(folder) };
}

/**
 * Makes the environment, and calls `more` to add to it, unless it is complete.
 *
 * @throws Failure that says what to do. Then it leaves no incomplete environment behind.
 */
export async function ensureExtraVenv(
  extra: ExtraVenv,
  signal?: AbortSignal,
  more: () => Promise<void> = async () => {},
): Promise<void> {
  await ensureJupyter(signal);
  const stampFile = path.join(extra.folder, ".course-stamp");
  const stamp = await stampFor(extra);
  if ((await readFile(stampFile, "utf8").catch(() => undefined)) === stamp) return;
  await rm(extra.folder, { recursive: true, force: true });
  try {
    await step(`Installing ${extra.title} into .course/${extra.name}`, async () => {
      await install(extra, signal);
      await more();
    });
    await writeFile(stampFile, stamp);
  } catch (error) {
    await rm(extra.folder, { recursive: true, force: true });
    throw error;
  }
}

async function install(extra: ExtraVenv, signal?: AbortSignal): Promise<void> {
  const python = async (command: string, args: string[]) => {
    const { status, output } = await runModule(command, args, { signal });
    if (status === 0) return;
    throw new Failure(`${extra.title} could not be installed for its tests: ${lastLine(output)}`);
  };
  await python(venvPython, ["venv", extra.folder]);
  const [ours, theirs] = [await sitePackages(venvPython), await sitePackages(extra.python)];
  await writeFile(path.join(theirs, "course.pth"), `${ours}\n`);
  await python(extra.python, [...PIP, "-r", packagesOf(extra)]);
}

function packagesOf({ name }: ExtraVenv): string {
  return path.join(root, `requirements-${name}.txt`);
}

/** Returns the folder in which a Python looks for packages. */
async function sitePackages(command: string): Promise<string> {
  const { output } = await run(command, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
  return output.trim();
}

/** Returns what the environment depends on: the packages, and the Python of `.venv`. */
async function stampFor(extra: ExtraVenv): Promise<string> {
  const { output: version } = await run(venvPython, ["--version"]);
  const texts = await Promise.all([packagesOf(extra), requirements].map((file) => readFile(file, "utf8")));
  return `${createHash("sha256")
    .update(JSON.stringify([texts, version]))
    .digest("hex")}\n`;
}
