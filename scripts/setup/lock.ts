/** A lock file: a second set-up waits for the first, and then finds its work done. */
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "@course/lib/util";

/**
 * Locks older than this are stale, in milliseconds: set-up never takes this long, so the pid now belongs to
 * another process.
 */
const TOO_OLD_MS = 15 * 60_000;

/** Runs `work` while holding the lock `file`. Calls `onWait` once if another process holds it. */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  { onWait, signal }: { onWait?: () => void; signal?: AbortSignal } = {},
): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  for (let tries = 0; !(await take(file)); tries++) {
    if (tries === 0) onWait?.();
    await wait(200, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes the lock if it is free or stale. Resolves to whether it did. */
async function take(file: string): Promise<boolean> {
  if (await isStale(file)) await rm(file, { force: true });
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const [holder, { mtimeMs }] = [await readFile(file, "utf8"), await stat(file)];
    return Date.now() - mtimeMs > TOO_OLD_MS || (holder !== "" && !isRunning(Number(holder)));
  } catch {
    return false;
  }
}
