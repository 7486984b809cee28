/** Waiting for what emits no event here: the files of other processes, and their ends. */
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "@course/lib/util";

/** Resolves when something is so. The test's own limit ends a wait in vain. */
export async function until(isSo: () => boolean | Promise<boolean>, everyMs = 50): Promise<void> {
  while (!(await isSo())) await wait(everyMs);
}

/** Resolves when none of these processes exists any more. */
export async function untilGone(pids: number[]): Promise<void> {
  await until(() => !pids.some(isRunning));
}
