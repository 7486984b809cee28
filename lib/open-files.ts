/**
 * Every socket is an open file, and so is every listener; a process may only have so many.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";

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
