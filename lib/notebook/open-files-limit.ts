/**
 * A crawl in a process of its own that may have few files open: in the small, what a large crawl meets
 * everywhere.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { AddressTuple } from "../peer/address";
import { interruptSignal } from "./kernel/interrupt";

/** What the child is told on its stdin. */
export interface LimitedCrawl {
  addresses: AddressTuple[];
  concurrency: number;
}

/** The shell sets its own limit and becomes Node.js, which cannot raise what was so set. */
const COMMAND = 'ulimit -n "$1" && exec "$0" "$2"';

/**
 * How often each outcome came, `version` or an error's code, when a process that may have `openFiles`
 * files open calls all addresses with `getVersionMessagesConcurrently`. On Windows, where a shell sets
 * no such limit, it says so and gives nothing. Rejects with an Error that has what the shell said.
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
  child.stdin.on("error", () => {}); // of a shell that ended before it read: its exit tells
  const task: LimitedCrawl = { addresses, concurrency };
  child.stdin.end(JSON.stringify(task));
  const ended = once(child, "close") as Promise<[number | null]>;
  const [said, complained, [exit]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (exit !== 0) {
    throw new Error(`the crawl with ${openFiles} open files ended with ${exit}: ${complained.trim()}`);
  }
  return JSON.parse(said) as Record<string, number>;
}
