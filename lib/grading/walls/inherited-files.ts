/**
 * Keeps from a program the files that the grader itself was started with, such as a log or a lock of CI's.
 *
 * Node.js marks the files that it opens, so that no program gets them, but not those that it has inherited.
 */
import type { StdioOptions } from "node:child_process";
import fs from "node:fs";

const CLOSE_ON_EXEC = 0o2000000;

let inherited: number[] | undefined;
let nothing: number | undefined;

/** Returns the stdio of `spawn`, with an empty stdin, and with nothing in the place of inherited files. */
export function withoutInherited(stdio: StdioOptions): StdioOptions {
  const [, ...others] = typeof stdio === "string" ? [stdio, stdio, stdio] : stdio;
  const files: Exclude<StdioOptions, string> = ["ignore", ...others];
  inherited ??= inheritedFiles();
  for (const fd of inherited) {
    if (fd < files.length && files[fd] !== "ignore") continue;
    while (files.length < fd) files.push("ignore");
    files[fd] = nothing ??= fs.openSync("/dev/null", "r");
  }
  return files;
}

/** Returns the file descriptors from 3 up that programs would get. Only Linux hands any over. */
function inheritedFiles(): number[] {
  if (process.platform !== "linux" || !fs.existsSync("/proc/self/fdinfo")) return [];
  const all = fs.readdirSync("/proc/self/fdinfo").map(Number);
  return all.filter((fd) => fd > 2 && isInherited(fd));
}

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
    return (parseInt(flags ?? "", 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false; // the one with which the list was read
  }
}
