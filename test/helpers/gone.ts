/** Waiting until processes are no more. */
import { setTimeout as wait } from "node:timers/promises";

/** Resolves when none of these processes is left; the test's own limit of time ends a wait in vain. */
export async function untilGone(pids: number[]): Promise<void> {
  while (pids.some(isThere)) await wait(50);
}

export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
