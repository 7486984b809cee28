/**
 * The kernel spec `tslab`: how Jupyter starts our kernel.
 *
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 * All paths in it are absolute: VS Code does not look on the PATH of a shell, and a notebook may be
 * opened from anywhere. So it is written again whenever the folder or Node.js has moved.
 */
import { mkdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { replaceFile } from "@course/lib/util";
import { Failure } from "../cli/failure";
import { root } from "./paths";

const tslab = path.join(root, "node_modules", "tslab", "bin", "tslab");

const plotly = path.join(root, "node_modules", "plotly.js-dist-min", "plotly.min.js");

/** By this in its metadata we know a kernel spec for ours. */
const COURSE = "getting-to-know-each-other";

/** The contents of kernel.json. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  metadata?: Record<string, unknown>;
}

/** The kernel spec that runs `tslab` with `node`, both absolute paths. */
export function kernelSpec(node: string, tslab: string): KernelSpec {
  return {
    argv: [node, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    metadata: { course: COURSE },
  };
}

/** What was done with a kernel of somebody else's that has our name. */
export type Installed = "written" | "unchanged" | "replaced";

/** Writes our kernel spec into `folder`. One of somebody else's there is kept as kernel.json.before-course, and comes back with `removeKernel`. */
export async function installKernel(folder: string): Promise<Installed> {
  requireTslab();
  const file = path.join(folder, "kernel.json");
  const wanted = JSON.stringify(kernelSpec(process.execPath, tslab), null, 2) + "\n";
  const present = await readFile(file, "utf8").catch(() => undefined);
  await mkdir(folder, { recursive: true });
  await copyPlotly(folder);
  if (present === wanted) return "unchanged";
  const foreign = present !== undefined && !isOurs(present);
  if (foreign) await rename(file, beforeUs(folder));
  await writeFile(file, wanted);
  return foreign ? "replaced" : "written";
}

/** Takes our kernel spec out of `folder`, and puts back the one that was there before; leaves somebody else's alone. */
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
 * Puts plotly beside the kernel spec, where lib/notebook/plots/plot-html.ts looks for it: a Jupyter server
 * serves that folder to its pages, whichever folder it shows. A copy, since it serves no links that
 * lead out of it.
 */
async function copyPlotly(folder: string): Promise<void> {
  const [ours, present] = await Promise.all([stat(plotly), stat(plotlyIn(folder)).catch(() => undefined)]);
  if (present?.size === ours.size && present.mtimeMs >= ours.mtimeMs) return;
  replaceFile(plotlyIn(folder), await readFile(plotly));
}

function plotlyIn(folder: string): string {
  return path.join(folder, "plotly.min.js");
}

/** Where the kernel spec of somebody else is kept meanwhile. */
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

/** Throws a Failure unless tslab is there and its native part loads. */
function requireTslab(): void {
  try {
    createRequire(tslab)("zeromq");
  } catch {
    throw new Failure(
      "The kernel's zeromq package does not load on this Node.js: run `npm ci`, then the same command again.",
    );
  }
}

/** Jupyter's data folder for this user, as jupyter_core has it: https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files */
export function jupyterDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return path.join(home, "Library", "Jupyter");
  if (platform === "win32") return path.join(env.APPDATA ?? path.join(home, "AppData", "Roaming"), "jupyter");
  return path.join(env.XDG_DATA_HOME || path.join(home, ".local", "share"), "jupyter");
}
