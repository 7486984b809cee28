/**
 * Starts real Bitcoin node software on loopback, to record its handshakes and to test our code against it.
 *
 * Each release is installed into .course/nodes/ at its first use, with the package client of its language.
 * None is a dependency of the course. A node runs with main network parameters, an empty chain, and a data
 * folder that is removed when it stops.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { courseFolder } from "../setup/paths";
import { freePort } from "../setup/port";
import { nameOf, type NodeSoftware } from "./releases";

const CACHE = path.join(courseFolder, "nodes");
const INSTALL_LIMIT_MS = 15 * 60_000;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

/** A node that runs and accepts connections. */
export interface RunningNode {
  readonly port: number;
  readonly pid: number;
  /** Its command line, with PORT and DATA in place of this machine's. */
  readonly how: string;
  /** Stops the node and removes its data. */
  stop(): Promise<void>;
}

/**
 * Installs a release if it is missing. Resolves to its folder.
 *
 * @throws Error that says what is missing.
 */
export async function install(node: NodeSoftware, signal?: AbortSignal): Promise<string> {
  const folder = path.join(CACHE, nameOf(node));
  if (existsSync(path.join(folder, node.program))) return folder;
  await mkdir(folder, { recursive: true });
  const { command, env, files = {} } = node.install(folder);
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    await promisify(execFile)(command[0], command.slice(1), {
      cwd: folder,
      env: { ...process.env, ...env },
      signal,
      timeout: INSTALL_LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    signal?.throwIfAborted();
    throw new Error(`${nameOf(node)} could not be installed: ${reason(command, error)}`, { cause: error });
  }
  return folder;
}

function reason(command: readonly string[], error: unknown): string {
  const { code, stderr = "" } = error as { code?: string; stderr?: string };
  if (code === "ENOENT") return `\`${command[0]}\` is not on this machine.`;
  return `\`${command.join(" ")}\` failed: ${stderr.trim().split("\n").slice(-3).join(" / ") || error}`;
}

/**
 * Installs a release if it is missing, starts it on a free port of 127.0.0.1, and waits until it accepts
 * connections.
 *
 * If `signal` is aborted, the node ends. `flags` are added to its command line.
 */
export async function startNode(
  node: NodeSoftware,
  signal?: AbortSignal,
  flags: readonly string[] = [],
): Promise<RunningNode> {
  const folder = await install(node, signal);
  const data = await mkdtemp(path.join(tmpdir(), "course-node-"));
  const port = await freePort();
  const [program, ...args] = [...node.command(String(port), data), ...flags];
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...node.env, HOME: data },
    signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    await end(child);
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilListening(node, child, port);
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  }
  return {
    port,
    pid: child.pid as number,
    how: commandLine([...node.command("PORT", "DATA"), ...flags]),
    stop,
  };
}

/** Returns a command as one line for a shell. */
function commandLine(command: string[]): string {
  return command.map((word) => (/\s/.test(word) ? `'${word.trim().replace(/\s+/g, " ")}'` : word)).join(" ");
}

/**
 * Waits until the node accepts a connection.
 *
 * @throws Error with the end of the node's output if it exits first, or takes longer than START_LIMIT_MS.
 */
async function untilListening(node: NodeSoftware, child: ChildProcess, port: number): Promise<void> {
  let output = "";
  let failure: Error | undefined;
  child.stdout?.on("data", (text) => (output = `${output}${text}`.slice(-2000)));
  child.stderr?.on("data", (text) => (output = `${output}${text}`.slice(-2000)));
  child.on("error", (error) => (failure = error));
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await accepts(port))) {
    const ended = child.exitCode !== null || child.signalCode !== null || failure;
    if (ended || Date.now() > deadline) {
      const what = ended ? "ended" : `did not listen within ${START_LIMIT_MS / 1000} s`;
      throw new Error(`${nameOf(node)} ${what}. Its last output: ${failure?.message ?? output}`);
    }
    await sleep(100);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Asks a process to end, and kills it after STOP_LIMIT_MS. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}
