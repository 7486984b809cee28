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
const INIT = 1;

/** Calls `end` when the parent, or the npm that started the parent, is gone. */
export function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const isOfNpm = process.env.npm_execpath !== undefined;
  const npm = isOfNpm && isShell(parent) ? (parentOf(parent) ?? parent) : parent;
  if (isOfNpm && adoptsOrphans(npm)) return end();
  setInterval(() => {
    if (process.ppid !== parent || !isRunning(npm)) end();
  }, CHECK_MS).unref();
}

/**
 * Returns whether a process is one that gets the children of others that have ended: init, or systemd of a user.
 *
 * If so, npm was gone before this process could watch it. In a container the first process may be npm itself.
 */
function adoptsOrphans(pid: number): boolean {
  const args = argsOf(pid) ?? "npm";
  return pid === INIT ? !/npm|yarn|bun|node/.test(args) : /^\S*\bsystemd\b/.test(args);
}

/** Returns whether a process is the shell that npm runs a script in. Some shells replace themselves by the script. */
function isShell(pid: number): boolean {
  return /^\S*sh -c /.test(argsOf(pid) ?? "");
}

function argsOf(pid: number): string | undefined {
  return byProc(pid, "cmdline")?.split("\0").join(" ") ?? byPs(pid, "args");
}

/** Returns the parent's id of another process, if the system tells. */
function parentOf(pid: number): number | undefined {
  const byStatus = /^PPid:\s*(\d+)/m.exec(byProc(pid, "status") ?? "")?.[1];
  return Number(byStatus ?? byPs(pid, "ppid")) || undefined;
}

function byProc(pid: number, file: "cmdline" | "status"): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

function byPs(pid: number, column: "args" | "ppid"): string | undefined {
  try {
    return execFileSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
