/**
 * Locks the file of a crawl, so that two crawls do not write each visit into it twice.
 *
 * The lock is a file beside it that holds the process id of the crawl. A crawl that is killed leaves it: then
 * no process has that id, and the next crawl takes the lock.
 */
import { isRunning, UsageError } from "@course/lib/util";
import fs from "node:fs";

/**
 * Locks `file` until this process exits.
 *
 * @throws UsageError if another crawl has locked it, or if the lock cannot be written.
 */
export function lockUntilExit(file: string): void {
  const lock = `${realPath(file)}.lock`;
  if (!take(lock)) {
    const holder = holderOf(lock);
    if (holder !== undefined && isRunning(holder)) throw inUse(file, lock, holder);
    removeLeft(lock, holder);
    if (!take(lock)) throw inUse(file, lock, holderOf(lock));
  }
  process.on("exit", () => fs.rmSync(lock, { force: true }));
}

/** Returns the path without links: two names of one file have one lock. */
function realPath(file: string): string {
  return fs.existsSync(file) ? fs.realpathSync(file) : file;
}

/** Creates the lock with its content in one step. Returns whether this process has it. */
function take(lock: string): boolean {
  const own = `${lock}.${process.pid}`;
  try {
    fs.writeFileSync(own, String(process.pid));
    fs.linkSync(own, lock);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new UsageError(`expected to write ${lock}, got ${message}: choose a file in a folder of your own`);
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/** Returns the process id in the lock. */
function holderOf(lock: string): number | undefined {
  try {
    return Number(fs.readFileSync(lock, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

/** Removes the lock that a killed crawl has left, unless another crawl has replaced it since it was read. */
function removeLeft(lock: string, holder: number | undefined): void {
  const left = `${lock}.${process.pid}.left`;
  try {
    fs.renameSync(lock, left);
    if (holderOf(left) !== holder) fs.linkSync(left, lock);
  } catch {
    // Another crawl was faster: `take` tells.
  } finally {
    fs.rmSync(left, { force: true });
  }
}

function inUse(file: string, lock: string, holder: number | undefined): UsageError {
  const by = holder === undefined ? "another crawl" : `another crawl (process ${holder})`;
  return new UsageError(
    `${file} is in use by ${by}: wait until it has ended, or choose another file; if no crawl is running, delete ${lock}`,
  );
}
