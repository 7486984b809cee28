/**
 * Runs JupyterLab for the course: on 127.0.0.1, with a token, in the project's folder, with its own settings
 * instead of the user's, and without calls to other servers.
 *
 * https://jupyter-server.readthedocs.io/en/latest/other/full-config.html
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "../cli/failure";
import { courseFolder, firstNotebook, root, venvPython } from "./paths";
import { startModule, stopTree } from "./processes";

/** Time limits for JupyterLab to answer and to end, in milliseconds. */
const START_MS = 90_000;
const STOP_MS = 12_000;

/** Returns the path of the log of the JupyterLab on a port. */
function logOf(port: number): string {
  return path.join(courseFolder, `jupyterlab-${port}.log`);
}

export interface Jupyter {
  /** The full address of the first notebook, with its token. */
  address: string;
  /** Resolves when JupyterLab has ended, to a sentence for the case that it ended by itself. */
  ended: Promise<string>;
  /** Ends JupyterLab, its kernels, and all processes that these have started. */
  stop(): Promise<void>;
}

/**
 * Starts JupyterLab, and resolves once it answers.
 *
 * @throws Failure if it ends, or does not answer within START_MS.
 */
export async function startJupyter(
  port: number,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Jupyter> {
  const token = randomBytes(24).toString("hex");
  const runtime = path.join(courseFolder, "runtime", String(port));
  const child = spawnJupyter(port, { ...environment(env, runtime), JUPYTER_TOKEN: token });
  const ended = once(child, "exit").then(
    () => exitReason(port),
    () => exitReason(port),
  );
  const stop = async () => {
    await stopTree(child, runtime + path.sep, STOP_MS);
    await rm(runtime, { recursive: true, force: true });
  };
  const page = `http://127.0.0.1:${port}/lab/tree/${firstNotebook}`;
  const controller = new AbortController();
  try {
    const answered = untilAnswering(page, token, AbortSignal.any([signal, controller.signal]));
    await Promise.race([answered, ended.then(fail)]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    controller.abort();
  }
  return { address: `${page}?token=${token}`, ended, stop };
}

function spawnJupyter(port: number, env: NodeJS.ProcessEnv): ChildProcess {
  mkdirSync(courseFolder, { recursive: true });
  const log = openSync(logOf(port), "w", 0o600);
  try {
    return startModule(venvPython, ["jupyterlab", ...flags(port, process.getuid?.() === 0)], {
      env,
      cwd: root,
      log,
    });
  } finally {
    closeSync(log);
  }
}

const templates = path.join(root, "scripts", "nbconvert");
const modules = path.join(root, "node_modules");

/**
 * Flags with which exported pages and slides show themselves and their plots offline: our templates, and the
 * folders of plotly and reveal.js. `jupyter nbconvert` takes them, too.
 */
export const EXPORT_FLAGS: readonly string[] = [
  "--HTMLExporter.template_name=course",
  "--SlidesExporter.template_name=course-slides",
  `--TemplateExporter.extra_template_basedirs=${templates}`,
  ...[templates, path.join(modules, "plotly.js-dist-min"), path.join(modules, "reveal.js")].map(
    (folder) => `--TemplateExporter.extra_template_paths=${folder}`,
  ),
];

/**
 * Returns JupyterLab's command line.
 *
 * It does not hold the token, since any user of this machine could read that.
 */
export function flags(port: number, asRoot: boolean): string[] {
  return [
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${root}`,
    "--KernelSpecManager.allowed_kernelspecs=tslab",
    "--MultiKernelManager.default_kernel_name=tslab",
    "--LabApp.extension_manager=readonly",
    ...EXPORT_FLAGS,
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ...(asRoot ? ["--allow-root"] : []),
  ];
}

/**
 * Returns `env` without variables that would add another Python's packages or the user's own Jupyter
 * settings.
 */
export function environment(env: NodeJS.ProcessEnv, runtime: string): NodeJS.ProcessEnv {
  const foreign = /^(JUPYTER|JUPYTERLAB|PYTHON(PATH|HOME|STARTUP)$)/;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  const folder = path.join(courseFolder, "jupyter");
  return {
    ...Object.fromEntries(kept),
    JUPYTER_CONFIG_DIR: path.join(folder, "config"),
    JUPYTER_DATA_DIR: path.join(folder, "data"),
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTERLAB_SETTINGS_DIR: path.join(folder, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: path.join(folder, "workspaces"),
  };
}

/**
 * Resolves when JupyterLab answers with the page.
 *
 * @throws Failure if it does not within START_MS.
 */
async function untilAnswering(page: string, token: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await answers(page, token))) {
    await wait(100, undefined, { signal });
    if (Date.now() < deadline) continue;
    fail(`JupyterLab has not answered within ${START_MS / 1000} seconds: run the same command again.`);
  }
}

async function answers(page: string, token: string): Promise<boolean> {
  const headers = { authorization: `token ${token}` };
  try {
    const response = await fetch(page, { headers, signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function fail(sentence: string): never {
  throw new Failure(sentence);
}

async function exitReason(port: number): Promise<string> {
  const log = await readFile(logOf(port), "utf8").catch(() => "");
  const lastLine = log.trim().split("\n").at(-1) || "nothing";
  return `JupyterLab has ended by itself; the last line of ${path.relative(root, logOf(port))} is: ${lastLine}`;
}
