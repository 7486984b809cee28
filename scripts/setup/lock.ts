/** One set-up at a time: a second one waits for the first, and then finds its work done. */
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "@course/lib/util";

/** No set-up takes this long: whoever has its process number by then is somebody else. */
const TOO_OLD_MS = 15 * 60_000;

/** Does `work` while holding the lock `file`; `onWait` is called once if somebody else holds it. */
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

/** Takes the lock if nobody has it, or if whoever had it is gone. */
async function take(file: string): Promise<boolean> {
  if (await isLeft(file)) await rm(file, { force: true });
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isLeft(file: string): Promise<boolean> {
  try {
    const [holder, { mtimeMs }] = [await readFile(file, "utf8"), await stat(file)];
    return Date.now() - mtimeMs > TOO_OLD_MS || (holder !== "" && !isRunning(Number(holder)));
  } catch {
    return false;
  }
}
