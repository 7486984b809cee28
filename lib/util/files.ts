/**
 * Replaces files in one step. A reader sees the old content or the new, whole, even if this process dies.
 *
 * npm's write-file-atomic (up to version 8) does not do: on a full disk it replaces the file by a part of
 * the content, because it ignores how much fs.writeSync wrote. Nor do the names of its temporary files say
 * which process made them, so those of killed processes cannot be told from those in use.
 */
import fs from "node:fs";
import path from "node:path";
import { isRunning } from "./processes";

/** Replaces the content of `file`. Keeps the file's mode, and follows symbolic links. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const temporary = temporaryFor(file);
  try {
    fs.writeFileSync(temporary, content, { flush: true });
    moveOver(temporary, file);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** Sets apart the temporary files of one process. */
let count = 0;

/**
 * Returns a path for a temporary file in the folder of `file`, to be moved over it. Removes the temporary
 * files that killed processes left there.
 */
export function temporaryFor(file: string): string {
  const target = targetOf(file);
  const prefix = `.${path.basename(target)}.`;
  removeLeftovers(path.dirname(target), prefix);
  return path.join(path.dirname(target), `${prefix}${process.pid}.${++count}.tmp`);
}

/** Moves `temporary` to the place of `file`. Keeps the mode of `file`, and follows symbolic links. */
export function moveOver(temporary: string, file: string): void {
  const target = targetOf(file);
  if (fs.existsSync(target)) fs.chmodSync(temporary, fs.statSync(target).mode);
  fs.renameSync(temporary, target);
}

/** Returns the file that `file` is a symbolic link to, or else `file`. */
function targetOf(file: string): string {
  return fs.existsSync(file) ? fs.realpathSync(file) : path.resolve(file);
}

function removeLeftovers(folder: string, prefix: string): void {
  for (const name of fs.readdirSync(folder)) {
    // No `$` at the end: DuckDB adds `.wal` to the name of the file that it writes.
    const pid = name.startsWith(prefix) && /^(\d+)\.\d+\.tmp/.exec(name.slice(prefix.length))?.[1];
    if (pid && !isRunning(Number(pid))) fs.rmSync(path.join(folder, name), { force: true });
  }
}
