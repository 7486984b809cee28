/**
 * Ends this process when whoever started it is gone, even if that was killed and could not say so.
 *
 * Nobody tells a process on every system that its parent died, so it is looked for once a second.
 * Between npm and us there may be a shell that outlives npm: then npm is watched too.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isRunning } from "@course/lib/util";

const CHECK_MS = 1000;

/** From now on, calls `end` as soon as the parent, or the npm that started it, is gone. */
export function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const watched = [parent, process.env.npm_execpath ? parentOf(parent) : undefined].filter((pid) => pid);
  setInterval(() => {
    if (process.ppid !== parent || !watched.every((pid) => isRunning(pid!))) end();
  }, CHECK_MS).unref();
}

/** The parent of another process, where the system tells. */
function parentOf(pid: number): number | undefined {
  return Number(parentByProc(pid) ?? parentByPs(pid)) || undefined;
}

function parentByProc(pid: number): string | undefined {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

function parentByPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
