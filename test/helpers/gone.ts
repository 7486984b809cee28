/** Waiting for processes to end: those of others, which emit no event here. */
import { setTimeout as wait } from "node:timers/promises";

/** Resolves when none of these processes exists any more. The test's own limit ends a wait in vain. */
export async function untilGone(pids: number[]): Promise<void> {
  while (pids.some(isThere)) await wait(50);
}

/** Returns whether there is a process with this id. */
export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
