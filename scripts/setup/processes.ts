/**
 * Starts other programs, and ends them with all that they have started.
 *
 * Every program gets its own process group, so that Ctrl-C reaches only this process, which then ends them in
 * order. Jupyter starts each kernel in a new session, so ending a group does not end the kernels: they are
 * found by their parents.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** A script that runs a Python module, `[endWithParent, MODULE, …]`, and ends when we do, even if we are killed. */
export const endWithParent = path.join(__dirname, "end_with_parent.py");
const windows = process.platform === "win32";

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/** The exit status of a program (undefined if it could not be started), and its output. */
export interface ProcessOutcome {
  status: number | null | undefined;
  output: string;
}

/**
 * Runs a program to its end.
 *
 * When `signal` is aborted, the program is killed. Once it has ended, the promise rejects with an AbortError.
 */
export async function run(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<ProcessOutcome> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, { env: options.env, detached: !windows, windowsHide: true });
  if (args[0] !== endWithParent) child.stdin.end();
  const kill = () => signalGroup(child, "SIGKILL");
  options.signal?.addEventListener("abort", kill);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      options.onLine?.(line);
    });
  }
  const status = await ended(child);
  options.signal?.removeEventListener("abort", kill);
  options.signal?.throwIfAborted();
  return { status, output: lines.join("\n") };
}

/** Runs a Python module to its end. It ends when this process ends, even if that is killed. */
export function runModule(python: string, args: string[], options?: RunOptions): Promise<ProcessOutcome> {
  return run(python, [endWithParent, ...args], options);
}

/**
 * Starts a Python module that runs until it is stopped or this process ends.
 *
 * `log` is the file descriptor for its output.
 */
export function startModule(
  python: string,
  args: string[],
  options: { env: NodeJS.ProcessEnv; cwd: string; log: number },
): ChildProcess {
  const { log, ...rest } = options;
  return spawn(python, [endWithParent, ...args], {
    ...rest,
    detached: !windows,
    stdio: ["pipe", log, log],
    windowsHide: true,
  });
}

/** Resolves to a program's exit status; null if a signal ended it, undefined if it could not be started. */
async function ended(child: ChildProcess): Promise<number | null | undefined> {
  try {
    const [status] = await once(child, "close");
    return status as number | null;
  } catch {
    return undefined;
  }
}

/**
 * Asks a program to end, waits for at most `timeoutMs`, and kills what is left.
 *
 * It kills all processes that the program has started, and all whose command line holds `mark`: that finds
 * processes whose parent is gone.
 */
export async function stopTree(
  child: ChildProcess,
  mark: string | undefined,
  timeoutMs: number,
): Promise<void> {
  const family = await relatives(child.pid, mark);
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit");
    const timer = setTimeout(() => signalGroup(child, "SIGKILL"), timeoutMs);
    if (windows) await run("taskkill", ["/pid", String(child.pid), "/T", "/F"]);
    else child.kill("SIGTERM");
    await exit;
    clearTimeout(timer);
  }
  for (const pid of new Set([...family, ...(await relatives(undefined, mark))]))
    signalProcess(pid, "SIGKILL");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) signalProcess(windows ? child.pid : -child.pid, signal);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has already ended.
  }
}

/** A process in the system's list. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  command: string;
}

async function relatives(pid?: number, mark?: string): Promise<number[]> {
  return family(await listProcesses(), pid, mark);
}

/** Returns the descendants of `pid`, the processes whose command holds `mark`, and their descendants. */
export function family(entries: ProcessEntry[], pid?: number, mark?: string): number[] {
  const found = new Set(
    entries.filter(({ command }) => mark && command.includes(mark)).map((entry) => entry.pid),
  );
  if (pid !== undefined) found.add(pid);
  // An iteration over a Set also visits values that are added during it.
  for (const ancestor of found) {
    for (const entry of entries) if (entry.parent === ancestor) found.add(entry.pid);
  }
  found.delete(pid ?? NaN);
  return [...found].filter((each) => each !== process.pid);
}

/**
 * Lists all processes.
 *
 * On Linux it reads /proc, since small systems have no `ps`; on Windows it lists none.
 */
export async function listProcesses(): Promise<ProcessEntry[]> {
  if (windows) return [];
  if (process.platform !== "linux")
    return parsePs((await promisify(execFile)("ps", ["-Awwo", "pid=,ppid=,args="])).stdout);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map((pid) => readProcess(`/proc/${pid}`).catch(() => undefined)));
  return entries.filter((entry): entry is ProcessEntry => entry !== undefined);
}

async function readProcess(folder: string): Promise<ProcessEntry> {
  const [stat, command] = await Promise.all(
    ["stat", "cmdline"].map((name) => readFile(path.join(folder, name), "utf8")),
  );
  return { ...parseStat(stat), command: command.replaceAll("\0", " ") };
}

/**
 * Reads the ids of a process and its parent from /proc/PID/stat.
 *
 * Its second field, a name, may hold spaces and brackets.
 */
export function parseStat(stat: string): { pid: number; parent: number } {
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { pid: Number.parseInt(stat, 10), parent: Number(afterName[1]) };
}

/** Reads the output of `ps -Ao pid=,ppid=,args=`. */
export function parsePs(output: string): ProcessEntry[] {
  return [...output.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, parent, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command,
  }));
}
