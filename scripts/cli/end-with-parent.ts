/**
 * Ends this process when its parent is gone, even if the parent was killed.
 *
 * Not every system reports the death of a parent, so this checks once a second. A shell between npm and this
 * process may outlive npm, so npm is checked too.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isRunning } from "@course/lib/util";

const CHECK_MS = 1000;

/** Calls `end` when the parent, or the npm that started the parent, is gone. */
export function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const watched = [parent, process.env.npm_execpath ? parentOf(parent) : undefined].filter((pid) => pid);
  setInterval(() => {
    if (process.ppid !== parent || !watched.every((pid) => isRunning(pid!))) end();
  }, CHECK_MS).unref();
}

/** Returns the parent's id of another process, if the system tells. */
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
