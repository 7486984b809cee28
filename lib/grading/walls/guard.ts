/**
 * Kills walled programs if the grader is killed.
 *
 * Bubblewrap ends with its parent by itself. For other walls a process of its own notices that its stdin has
 * ended: that happens however the grader ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { GUARD_SCRIPT } from "./scripts/paths";

/** A program that runs, and how it is killed. */
export interface Guarded {
  pid: number;
  uid?: number;
  marker?: string;
  killCommand?: string[];
}

/** A line that the guard reads. */
export type GuardLine = { guard: Guarded } | { forget: number };

let process_: ChildProcess | undefined;

/** Has the guard kill a program if the grader ends before the returned function is called. */
export function guard(program: Guarded): () => void {
  send({ guard: program });
  return () => send({ forget: program.pid });
}

function send(line: GuardLine): void {
  process_ ??= startGuard();
  process_.stdin?.write(JSON.stringify(line) + "\n");
}

/** Starts the guard. It does not keep the grader from ending. */
function startGuard(): ChildProcess {
  const child = spawn(process.execPath, [GUARD_SCRIPT], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Ctrl-C reaches the grader alone
  });
  child.on("error", () => {});
  child.on("exit", () => (process_ = undefined));
  child.stdin.on("error", () => {}); // it was killed: the next program starts another
  child.unref();
  (child.stdin as Writable & { unref(): void }).unref();
  return child;
}
