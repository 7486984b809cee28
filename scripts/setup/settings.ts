/**
 * The course's settings for the Jupyter of an environment: readable colours, exports that show themselves and their
 * plots offline, and no news.
 *
 * https://docs.jupyter.org/en/latest/use/jupyter-directories.html#configuration-files
 * https://jupyterlab.readthedocs.io/en/stable/user/directories.html#overridesjson
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { replaceFile } from "@course/lib/util";
import { Failure } from "../cli/failure";
import { failIfForbidden } from "./kernelspec";

/** What each of the files in an environment loads or is a copy of. */
const config = path.join(__dirname, "jupyter_config.py");
/** No news and no checks for updates, which call servers, and whose dialog would cover the first notebook. */
const overrides = path.join(__dirname, "overrides.json");

const loadsConfig = `load_subconfig(${JSON.stringify(config)})`;
/** Marks a file as ours. */
const MARK = "# Written by the course. It makes outputs readable, and exports show their plots.\n";

/** Returns the two files, in the environment of this folder. */
export function settingsIn(prefix: string): { config: string; overrides: string } {
  return {
    config: path.join(prefix, "etc", "jupyter", "jupyter_config.py"),
    // A file of its own: the administrator's is overrides.json, which counts for more.
    overrides: path.join(prefix, "share", "jupyter", "lab", "settings", "overrides.d", "course.json"),
  };
}

/**
 * Writes the settings into the environment of this folder, unless they are there.
 *
 * @throws Failure if there is a jupyter_config.py of somebody else's, or if it may not write.
 */
export async function installSettings(prefix: string): Promise<void> {
  const files = settingsIn(prefix);
  await failIfForbidden(prefix, "The course's settings cannot be written", async () => {
    const present = await contentsOf(files.config);
    if (present !== undefined && !present.startsWith(MARK) && !present.includes(loadsConfig))
      throw new Failure(`${files.config} has settings of its own: add the line ${loadsConfig} to it.`);
    if (!present?.includes(loadsConfig)) await write(files.config, `${MARK}${loadsConfig}\n`);
    const wanted = await readFile(overrides, "utf8");
    if ((await contentsOf(files.overrides)) !== wanted) await write(files.overrides, wanted);
  });
}

/** Removes the settings from the environment of this folder. Leaves a jupyter_config.py of somebody else's alone. */
export async function removeSettings(prefix: string): Promise<void> {
  const files = settingsIn(prefix);
  await rm(files.overrides, { force: true });
  if ((await contentsOf(files.config))?.startsWith(MARK)) await rm(files.config);
}

function contentsOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

async function write(file: string, contents: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  replaceFile(file, contents);
}
