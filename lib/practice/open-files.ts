/**
 * Every listener is an open file, and so is every connection; a process may only have so many.
 */
import { execFileSync } from "node:child_process";
import { PracticeError } from "./practice-error";

/** Files that are open besides the peers' listeners, connections of a small crawl among them. */
const OTHER_FILES = 256;

/** Throws TOO_FEW_FILES if this process may not have enough open files for so many peers. */
export function requireFiles(peers: number): void {
  const needed = peers + OTHER_FILES;
  const limit = openFilesLimit();
  if (limit >= needed) return;
  throw new PracticeError(
    "TOO_FEW_FILES",
    `${count(peers)} peers need ${count(needed)} open files, and this machine allows a process ${count(limit)}: use fewer peers (--peers ${Math.max(1, limit - 2 * OTHER_FILES)}), or raise the limit (ulimit -n ${needed})`,
  );
}

/** How many files this process may have open. A shell that it starts has the same limit, and can tell. */
function openFilesLimit(): number {
  if (process.platform === "win32") return Infinity;
  const said = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" });
  return Number(said) || Infinity;
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}
