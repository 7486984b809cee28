/** The limit on open files of a process. Each socket and each listener is an open file. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { formatCount } from "./numbers";

/** Undefined until a shell has told it. Asked once: Node.js raises it to its maximum when it starts. */
let limit: number | undefined;

/** Returns how many files this process may have open; Infinity if that is unknown. */
export function openFilesLimit(): number {
  limit ??= process.platform === "win32" ? Infinity : shellLimit();
  return limit ?? Infinity;
}

/**
 * Asks a shell, which has the same limit as the process that starts it.
 *
 * @returns undefined if too few files are left to start a shell.
 */
function shellLimit(): number | undefined {
  try {
    return Number(execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" })) || Infinity;
  } catch {
    return undefined;
  }
}

/** Returns how many files this process has open; 0 if that is unknown. */
export function openFiles(): number {
  try {
    return readdirSync("/dev/fd").length;
  } catch {
    return 0;
  }
}

/** Room for the files that a process opens besides sockets while it crawls. */
const OTHER_FILES = 32;

/**
 * Checks that this process may open `sockets` more sockets. Passes if the limit is unknown.
 *
 * @throws RangeError if it may not.
 */
export function requireSockets(sockets: number): void {
  const limit = openFilesLimit();
  if (sockets + OTHER_FILES <= limit / 2) return; // saves counting the open files
  const available = limit - openFiles() - OTHER_FILES;
  if (sockets <= available) return;
  throw new RangeError(
    `expected \`concurrency\` to be at most ${formatCount(Math.max(1, available))}, got ${formatCount(sockets)}: ` +
      `every visit is an open file, and this process may have ${formatCount(limit)}, some of which are open. ` +
      "Ask for less, or raise the limit (ulimit -n) before you start.",
  );
}
