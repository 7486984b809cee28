/** Limits that the kernel keeps for each process. */
import { findProgram } from "../../util/programs";
import type { ProgramLimits } from "./walls";

/**
 * Processes and threads of a user who is nobody else. Node.js has about 11 threads, and hangs at its start
 * if it gets none, so this only stops what is faster than the watchdog.
 */
const MAX_TASKS = 2048;
/** Seconds between the signal and the end of a process that has used up its processor time. */
const GRACE_SECONDS = 5;

/**
 * Returns the beginning of a command that limits what follows it; empty where there is no prlimit.
 *
 * There is no limit on address space: WebAssembly reserves far more than it uses.
 */
export function resourceLimits(
  { cpuSeconds, fileBytes }: ProgramLimits,
  isOnlyUser = false,
  prlimit = findProgram("prlimit"),
): string[] {
  if (!prlimit) return [];
  const cpu = Math.ceil(cpuSeconds) + GRACE_SECONDS;
  const tasks = isOnlyUser ? [`--nproc=${MAX_TASKS}`] : [];
  return [prlimit, `--cpu=${cpu}`, `--fsize=${Math.ceil(fileBytes)}`, "--core=0", ...tasks, "--"];
}
