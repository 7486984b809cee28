/**
 * Starting other programs, and leaving none behind.
 *
 * Every program gets a process group of its own, so that Ctrl-C reaches us alone and we end them
 * in order. Jupyter gives each kernel a session of its own, so ending a group does not end the
 * kernels: they are found by their parents.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const endWithParent = path.join(__dirname, "end_with_parent.py");
const windows = process.platform === "win32";

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/** The exit status of a program (undefined if it could not be started), and all it wrote. */
export interface ProcessOutcome {
  status: number | null | undefined;
  output: string;
}

/** Runs a program to its end. When `signal` is aborted it is killed, and once it is gone the promise rejects with an AbortError. */
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

/** Runs a Python module that ends when we do, however we end. */
export function runModule(python: string, args: string[], options?: RunOptions): Promise<ProcessOutcome> {
  return run(python, [endWithParent, ...args], options);
}

/** Starts a Python module that goes on until it is stopped, or until we end. `log` is the file descriptor it writes to. */
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

/** The exit status of a program when it has ended; null if a signal ended it, undefined if it could not be started. */
async function ended(child: ChildProcess): Promise<number | null | undefined> {
  try {
    const [status] = await once(child, "close");
    return status as number | null;
  } catch {
    return undefined;
  }
}

/**
 * Asks a program to end, waits for at most `timeoutMs`, and then ends what is left: all that it
 * started, and all whose command line holds `mark`, which finds them when their parent is gone.
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
    // It has ended by itself: just what is wanted.
  }
}

/** What the system knows of a process. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  command: string;
}

async function relatives(pid?: number, mark?: string): Promise<number[]> {
  return family(await listProcesses(), pid, mark);
}

/** The processes that `pid` started, those whose command holds `mark`, and all that these started in turn. */
export function family(entries: ProcessEntry[], pid?: number, mark?: string): number[] {
  const found = new Set(
    entries.filter(({ command }) => mark && command.includes(mark)).map((entry) => entry.pid),
  );
  if (pid !== undefined) found.add(pid);
  // A set that grows while it is walked is walked to its new end.
  for (const ancestor of found) {
    for (const entry of entries) if (entry.parent === ancestor) found.add(entry.pid);
  }
  found.delete(pid ?? NaN);
  return [...found].filter((each) => each !== process.pid);
}

/** All processes. Read from /proc where there is one: small systems have no `ps`. */
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

/** Pid and parent in a line of /proc/PID/stat, whose second field is a name that may hold spaces and brackets. */
export function parseStat(stat: string): { pid: number; parent: number } {
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { pid: Number.parseInt(stat, 10), parent: Number(afterName[1]) };
}

/** The processes in what `ps -Ao pid=,ppid=,args=` prints. */
export function parsePs(output: string): ProcessEntry[] {
  return [...output.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, parent, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command,
  }));
}
