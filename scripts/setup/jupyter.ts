/**
 * Runs JupyterLab for the course: on 127.0.0.1, with a token, in the folder of the learner's work, with its own
 * settings instead of the user's, and without calls to other servers.
 *
 * Its files are named by the process that started it, so that two starts in the same moment do not share any.
 *
 * https://jupyter-server.readthedocs.io/en/latest/other/full-config.html
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "@course/lib/util";
import { Failure } from "../cli/failure";
import { forwardedOrigin } from "./forwarded";
import { courseFolder, firstNotebook, venvPython, work } from "./paths";
import { portTaken } from "./port";
import { startModule, stopTree } from "./processes";

/** Time limits for JupyterLab to answer and to end, in milliseconds. */
const START_MS = 90_000;
const STOP_MS = 12_000;

/** Names of what a JupyterLab leaves in `.course` and its `runtime`, with the id of the process that started it. */
const LEFTOVER = /^(?:jupyterlab-)?(\d+)(?:\.log)?$/;

const log = path.join(courseFolder, `jupyterlab-${process.pid}.log`);
/** The folder for JupyterLab's connection files, which its kernels have on their command lines. */
const runtime = path.join(courseFolder, "runtime", String(process.pid));

/** Another program has taken the port since it was free. */
export class PortTaken extends Failure {}

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
 * @throws PortTaken if another program has taken the port.
 * @throws Failure if it ends, or does not answer within START_MS.
 */
export async function startJupyter(
  port: number,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Jupyter> {
  await removeLeftovers();
  const token = randomBytes(24).toString("hex");
  const origin = forwardedOrigin(env, port);
  const child = spawnJupyter(flags(port, process.getuid?.() === 0, origin), {
    ...environment(env, runtime),
    JUPYTER_TOKEN: token,
  });
  const ended = once(child, "exit").then(exitReason, exitReason);
  const stop = async () => {
    await stopTree(child, runtime + path.sep, STOP_MS);
    await rm(runtime, { recursive: true, force: true });
  };
  const local = `http://127.0.0.1:${port}`;
  const page = `/lab/tree/${firstNotebook}`;
  const controller = new AbortController();
  try {
    const isOurs = () => existsSync(path.join(runtime, `jpserver-${child.pid}.json`));
    const answered = untilAnswering(
      local + page,
      token,
      isOurs,
      AbortSignal.any([signal, controller.signal]),
    );
    await Promise.race([answered, ended.then((reason) => failToStart(port, reason))]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    controller.abort();
  }
  return { address: `${origin ?? local}${page}?token=${token}`, ended, stop };
}

function spawnJupyter(flags: string[], env: NodeJS.ProcessEnv): ChildProcess {
  mkdirSync(courseFolder, { recursive: true });
  const file = openSync(log, "w", 0o600);
  try {
    return startModule(venvPython, ["jupyterlab", ...flags], { env, cwd: work, log: file });
  } finally {
    closeSync(file);
  }
}

/** Removes logs and runtime folders of starts that are over: of those that were killed, nothing else did. */
async function removeLeftovers(): Promise<void> {
  for (const folder of [courseFolder, path.dirname(runtime)]) {
    for (const name of await readdir(folder).catch((): string[] => [])) {
      const starter = LEFTOVER.exec(name)?.[1];
      if (starter === undefined || isRunning(Number(starter))) continue;
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

/** JupyterLab's own folders for the course. What it is set to is in settings.ts, too. */
const folders = path.join(courseFolder, "jupyter");

/**
 * Returns JupyterLab's command line.
 *
 * It does not hold the token, since any user of this machine could read that.
 *
 * @param origin where a proxy shows it: requests from there are allowed, from no other place.
 */
export function flags(port: number, asRoot: boolean, origin?: string): string[] {
  return [
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${work}`,
    "--KernelSpecManager.allowed_kernelspecs=tslab",
    "--MultiKernelManager.default_kernel_name=tslab",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ...(origin ? proxyFlags(origin) : []),
    ...(asRoot ? ["--allow-root"] : []),
  ];
}

/**
 * Returns the flags for a proxy. It may pass on the name that the browser asked for, or its own: JupyterLab takes both
 * for local ones.
 */
function proxyFlags(origin: string): string[] {
  const names = ["localhost", new URL(origin).hostname];
  return [
    `--ServerApp.allow_origin=${origin}`,
    ...names.map((name) => `--ServerApp.local_hostnames=${name}`),
  ];
}

/**
 * Returns `env` without variables that would add another Python's packages or the user's own Jupyter
 * settings.
 */
export function environment(env: NodeJS.ProcessEnv, runtime: string): NodeJS.ProcessEnv {
  const foreign = /^(JUPYTER|JUPYTERLAB|PYTHON(PATH|HOME|STARTUP)$)/;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    JUPYTER_CONFIG_DIR: path.join(folders, "config"),
    JUPYTER_DATA_DIR: path.join(folders, "data"),
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTERLAB_SETTINGS_DIR: path.join(folders, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: path.join(folders, "workspaces"),
  };
}

/**
 * Resolves when JupyterLab answers with the page. Asks only once `isOurs` says that it is about to listen: until then,
 * whoever answers there is another program. It may be one then, too: Jupyter writes its file before it has the port.
 *
 * @throws Failure if it does not within START_MS.
 */
async function untilAnswering(
  page: string,
  token: string,
  isOurs: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(isOurs() && (await answers(page, token)))) {
    await wait(100, undefined, { signal });
    if (Date.now() < deadline) continue;
    fail(`JupyterLab has not answered within ${START_MS / 1000} seconds: run the same command again.`);
  }
}

/** Returns whether there is a Jupyter server that takes this token. Another one leads to its login. */
export async function answers(page: string, token: string): Promise<boolean> {
  const headers = { authorization: `token ${token}` };
  try {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(page, { headers, redirect: "manual", signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function fail(sentence: string): never {
  throw new Failure(sentence);
}

/** What JupyterLab writes when it cannot listen. */
const CANNOT_LISTEN = /port \d+ is (already in use|not available)/;

async function failToStart(port: number, reason: string): Promise<never> {
  if (CANNOT_LISTEN.test(await readLog())) throw new PortTaken(portTaken(port));
  fail(reason);
}

async function exitReason(): Promise<string> {
  const lastLine = (await readLog()).trim().split("\n").at(-1) || "nothing";
  return `JupyterLab has ended by itself; the last line of ${path.relative(work, log)} is: ${lastLine}`;
}

function readLog(): Promise<string> {
  return readFile(log, "utf8").catch(() => "");
}
