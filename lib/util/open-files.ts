/**
 * Every socket is an open file, and so is every listener; a process may only have so many.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { formatCount } from "./numbers";

/** Asked once: Node.js itself raises the limit as far as it may when it starts. */
let limit: number | undefined;

/** How many files this process may have open; Infinity where nobody says. */
export function openFilesLimit(): number {
  limit ??= process.platform === "win32" ? Infinity : askShell();
  return limit ?? Infinity;
}

/** A shell that we start has the same limit, and can tell; unless there are no files left to start it with. */
function askShell(): number | undefined {
  try {
    return Number(execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" })) || Infinity;
  } catch {
    return undefined;
  }
}

/** How many files this process has open; 0 where nobody says. */
export function openFiles(): number {
  try {
    return readdirSync("/dev/fd").length;
  } catch {
    return 0;
  }
}

/** Files that a process opens besides sockets, while it crawls. */
const OTHER_FILES = 32;

/** Throws a RangeError unless this process may open so many sockets, as far as can be known. */
export function requireSockets(sockets: number): void {
  const limit = openFilesLimit();
  if (sockets + OTHER_FILES <= limit / 2) return; // not worth counting
  const most = limit - openFiles() - OTHER_FILES;
  if (sockets <= most) return;
  throw new RangeError(
    `expected \`concurrency\` to be ${formatCount(Math.max(1, most))} at the most, got ${formatCount(sockets)}: every visit is an open file, ` +
      `and this process may have ${formatCount(limit)}, some of which are open. Ask for less, or raise the limit (ulimit -n) before you start.`,
  );
}
