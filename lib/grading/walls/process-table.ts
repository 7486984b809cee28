/** Reads which processes run on this machine. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";

export interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
  /** Sets a process apart from a later one with the same id. */
  started: string;
  cpuSeconds: number;
  /** Resident memory in bytes, where reading it costs nothing: see `memoryOf`. */
  resident: number;
}

export const HAS_PROC: boolean = process.platform === "linux" && fs.existsSync("/proc/self/stat");
/** Whether this Linux was built with what lists the children of a process, as most are. */
const LISTS_CHILDREN = HAS_PROC && fs.existsSync(`/proc/self/task/${process.pid}/children`);
/** Ticks of the processor time in /proc. Linux has no other value on the systems that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** Returns all processes that this user may see; none on Windows. */
export function readProcesses(): ProcessEntry[] {
  if (HAS_PROC) return fs.readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? fromProc(name) : []));
  return process.platform === "win32" ? [] : fromPs();
}

/**
 * Returns a process and all that descend from it: the whole of a program that has process numbers of its own, where
 * nobody leaves the tree. Takes a hundredth of the time to read all. Who starts or ends meanwhile may be missing.
 *
 * Returns undefined where Linux does not list the children of a process.
 */
export function readDescendants(pid: number): ProcessEntry[] | undefined {
  if (!LISTS_CHILDREN) return undefined;
  const found = new Set([pid]);
  for (const one of found) for (const child of childrenOf(one)) found.add(child);
  return [...found].flatMap((one) => fromProc(String(one)));
}

function childrenOf(pid: number): number[] {
  const threads = namesIn(`/proc/${pid}/task`);
  return threads.flatMap((thread) => {
    const children = read(`/proc/${pid}/task/${thread}/children`)?.match(/\d+/g) ?? [];
    return children.map(Number);
  });
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // it has ended meanwhile
  }
}

/** Returns the memory of a process that it does not share with a file, such as that of Node.js itself. */
export function memoryOf({ pid, resident }: ProcessEntry): number {
  if (!HAS_PROC) return resident;
  const status = read(`/proc/${pid}/status`) ?? "";
  const kilobytes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s*(\d+)/gm)].map(([, value]) => Number(value));
  return 1024 * kilobytes.reduce((sum, value) => sum + value, 0);
}

/** Returns the real user of a process, if it is known. */
export function userOf(pid: number): number | undefined {
  const uid = /^Uid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/** Returns whether a process was started with this variable. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  return `\0${read(`/proc/${pid}/environ`) ?? ""}\0`.includes(`\0${name}=${value}\0`);
}

function fromProc(name: string): ProcessEntry[] {
  const stat = read(`/proc/${name}/stat`);
  if (!stat) return []; // it has ended meanwhile
  // The program's name is in parentheses and may contain any character.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return [];
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  const [parent, session, started] = [Number(fields[1]), Number(fields[3]), fields[19]];
  return [{ pid: Number(name), parent, session, started, cpuSeconds, resident: 0 }];
}

function fromPs(): ProcessEntry[] {
  const columns = "pid=,ppid=,sess=,rss=,time=,lstart=";
  let text: string;
  try {
    text = execFileSync("ps", ["-A", "-o", columns], { encoding: "utf8", maxBuffer: 1e8, timeout: 5000 });
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const [pid, parent, session, rss, time, ...started] = line.trim().split(/\s+/);
    if (!time) return [];
    const cpuSeconds = time.split(/[-:]/).reduce((sum, part) => 60 * sum + Number(part), 0);
    const resident = 1024 * Number(rss);
    // macOS says 0 or an address for all sessions.
    const own = /^\d+$/.test(session) ? Number(session) : 0;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        session: own,
        started: started.join(" "),
        cpuSeconds,
        resident,
      },
    ];
  });
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}
