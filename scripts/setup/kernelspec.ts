/**
 * Writes the kernel spec `tslab`, with which Jupyter starts our kernel.
 *
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 *
 * All its paths are absolute: VS Code does not use the PATH of a shell, and a notebook may be opened from any
 * folder. So it has to be written again when the folder or Node.js has moved.
 */
import { mkdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { replaceFile } from "@course/lib/util";
import { Failure } from "../cli/failure";
import { root } from "./paths";

/** The kernel that Jupyter starts. */
const launcher = path.join(root, "lib", "dist", "kernel", "main.js");
const tslab = path.join(root, "node_modules", "tslab", "package.json");

const plotly = path.join(root, "node_modules", "plotly.js-dist-min", "plotly.min.js");

/** Marks a kernel spec as ours, in its metadata. */
const COURSE = "getting-to-know-each-other";

/** The contents of kernel.json. */
interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  metadata?: Record<string, unknown>;
}

/** Returns the kernel spec that runs `launcher` with `node`. Both are absolute paths. */
export function kernelSpec(node: string, launcher: string): KernelSpec {
  return {
    argv: [node, launcher, "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    metadata: { course: COURSE },
  };
}

/** Returns the folder of our kernel spec in a Python environment, or another prefix. */
export function kernelIn(prefix: string): string {
  return path.join(prefix, "share", "jupyter", "kernels", "tslab");
}

/** `replaced`: another program's kernel of our name was there. */
type Installed = "written" | "unchanged" | "replaced";

/**
 * Writes our kernel spec into `folder`.
 *
 * Another program's kernel spec there is renamed to kernel.json.before-course. `removeKernel` restores it.
 *
 * @throws Failure if the folder cannot be written to, and something would have to be.
 */
export async function installKernel(folder: string): Promise<Installed> {
  requireTslab();
  return failIfForbidden(folder, "The kernel cannot be registered", () => writeKernel(folder));
}

/**
 * Writes something into a folder.
 *
 * @param cannot the begin of a sentence, for the case that this user may not.
 * @throws Failure if so.
 */
export async function failIfForbidden<T>(
  folder: string,
  cannot: string,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    throw new Failure(
      `${cannot} in ${folder} (${code}): run the same command as a user who may write there.`,
    );
  }
}

async function writeKernel(folder: string): Promise<Installed> {
  const file = path.join(folder, "kernel.json");
  const wanted = JSON.stringify(kernelSpec(process.execPath, launcher), null, 2) + "\n";
  const present = await readFile(file, "utf8").catch(() => undefined);
  await mkdir(folder, { recursive: true });
  await copyPlotly(folder);
  if (present === wanted) return "unchanged";
  const foreign = present !== undefined && !isOurs(present);
  if (foreign) await rename(file, beforeUs(folder));
  replaceFile(file, wanted);
  return foreign ? "replaced" : "written";
}

/**
 * Removes our kernel spec from `folder`, and restores the one that was there before.
 *
 * Leaves any other alone.
 */
export async function removeKernel(folder: string): Promise<"removed" | "restored" | "absent"> {
  const file = path.join(folder, "kernel.json");
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present === undefined || !isOurs(present)) return "absent";
  await rm(plotlyIn(folder), { force: true });
  try {
    await rename(beforeUs(folder), file);
    return "restored";
  } catch {
    await rm(file);
    await rmdir(folder).catch(() => {});
    return "removed";
  }
}

/**
 * Copies plotly into the kernel spec's folder, where lib/notebook/plots/plot-html.ts loads it from.
 *
 * A Jupyter server serves that folder to its pages, but no links that lead out of it: so this is a copy.
 */
async function copyPlotly(folder: string): Promise<void> {
  const [ours, present] = await Promise.all([stat(plotly), stat(plotlyIn(folder)).catch(() => undefined)]);
  if (present?.size === ours.size && present.mtimeMs >= ours.mtimeMs) return;
  replaceFile(plotlyIn(folder), await readFile(plotly));
}

function plotlyIn(folder: string): string {
  return path.join(folder, "plotly.min.js");
}

/** Returns the path to which another program's kernel spec is renamed. */
export function beforeUs(folder: string): string {
  return path.join(folder, "kernel.json.before-course");
}

function isOurs(json: string): boolean {
  try {
    return (JSON.parse(json) as KernelSpec).metadata?.course === COURSE;
  } catch {
    return false;
  }
}

/**
 * Checks that the native part of tslab loads.
 *
 * @throws Failure if it does not.
 */
function requireTslab(): void {
  try {
    createRequire(tslab)("zeromq");
  } catch {
    throw new Failure(
      "The kernel's zeromq package does not load on this Node.js: run `npm ci`, then the same command again.",
    );
  }
}

/**
 * Returns the user's data folder of Jupyter, by the same rules as jupyter_core.
 *
 * https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files
 */
export function jupyterDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return path.join(home, "Library", "Jupyter");
  if (platform === "win32") return path.join(env.APPDATA ?? path.join(home, "AppData", "Roaming"), "jupyter");
  return path.join(env.XDG_DATA_HOME || path.join(home, ".local", "share"), "jupyter");
}
