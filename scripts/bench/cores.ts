/** Peers on one core and their callers on another, where the system lets us say so: else they take turns in ways that change from run to run. */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

const CORES = { peers: "0", client: "1" };

/** Linux has `taskset`; without it, or with one core, the system decides. */
const canPin =
  process.platform === "linux" &&
  availableParallelism() > 1 &&
  spawnSync("taskset", ["-c", CORES.client, process.execPath, "--version"]).status === 0;

/** The command that runs `command` on that core. */
export function onCore(who: keyof typeof CORES, command: readonly string[]): string[] {
  return canPin ? ["taskset", "-c", CORES[who], ...command] : [...command];
}

/** Moves a process to that core. */
export function moveToCore(who: keyof typeof CORES, pid: number): void {
  if (canPin) spawnSync("taskset", ["-a", "-p", "-c", CORES[who], String(pid)]);
}

/** How the runs were placed, in a sentence. */
export const PLACEMENT = canPin
  ? "Peers on one core, their caller on another."
  : "The system placed peers and callers as it liked.";
