/**
 * Places peers on one core and clients on another, where the system allows it.
 *
 * On shared cores their turns change from run to run, and so do the figures.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

const CORES = { peers: "0", client: "1" };

/** Whether processes can be pinned to cores: on Linux with `taskset` and at least two cores. */
const canPin =
  process.platform === "linux" &&
  availableParallelism() > 1 &&
  spawnSync("taskset", ["-c", CORES.client, process.execPath, "--version"]).status === 0;

/** Returns a command that runs `command` on the core for peers or clients. */
export function onCore(role: keyof typeof CORES, command: readonly string[]): string[] {
  return canPin ? ["taskset", "-c", CORES[role], ...command] : [...command];
}

/** Moves a process to the core for peers or clients. */
export function moveToCore(role: keyof typeof CORES, pid: number): void {
  if (canPin) spawnSync("taskset", ["-a", "-p", "-c", CORES[role], String(pid)]);
}

/** A sentence on where peers and clients ran. */
export const PLACEMENT = canPin
  ? "Peers on one core, clients on another."
  : "The system placed peers and clients.";
