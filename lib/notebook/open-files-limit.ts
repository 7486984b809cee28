/**
 * A crawl in a process of its own with a low limit on open files.
 *
 * Each connection needs a file descriptor, so a large crawl meets this limit on every system.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { AddressTuple } from "../peer/address";
import { interruptSignal } from "./cell/interrupt";

/** The task that the child reads from its stdin, as JSON. */
export interface LimitedCrawl {
  addresses: AddressTuple[];
  concurrency: number;
}

/** The shell lowers its own limit, then becomes Node.js, which cannot raise it again. */
const COMMAND = 'ulimit -n "$1" && exec "$0" "$2"';

/**
 * Calls all addresses with `getVersionMessagesConcurrently`, in a process that may have `openFiles`
 * files open. Resolves to the count of each outcome: `version`, or an error's code.
 *
 * On Windows a shell cannot set such a limit: prints that, and resolves to no outcomes.
 *
 * @throws Error with the shell's or the child's stderr, if the child fails.
 */
export async function crawlWithOpenFilesLimit(
  addresses: AddressTuple[],
  { concurrency, openFiles }: { concurrency: number; openFiles: number },
): Promise<Record<string, number>> {
  if (process.platform === "win32") {
    console.log("Windows has no limit on open files that a shell could set: nothing to see here.");
    return {};
  }
  const script = path.join(__dirname, "open-files-limit-child.js");
  const child = spawn("sh", ["-c", COMMAND, process.execPath, String(openFiles), script], {
    signal: interruptSignal(),
  });
  child.stdin.on("error", () => {}); // the shell ended before it read: its exit status says why
  const task: LimitedCrawl = { addresses, concurrency };
  child.stdin.end(JSON.stringify(task));
  const ended = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (status !== 0) {
    throw new Error(`the crawl with ${openFiles} open files ended with ${status}: ${stderr.trim()}`);
  }
  return JSON.parse(stdout) as Record<string, number>;
}
