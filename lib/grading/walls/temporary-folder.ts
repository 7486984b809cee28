/** Temporary folders of the walls, which go even if the grader was killed. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isRunning } from "../../util/processes";

const PREFIX = "course-walls-";
const mine = new Set<string>();
let isCleaned = false;

process.on("exit", () => {
  for (const folder of mine) removeFolder(folder);
});

/** Returns a new folder. Other users may enter it, but not list it. */
export function makeFolder(): string {
  if (!isCleaned) removeLeftovers();
  isCleaned = true;
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`)));
  fs.chmodSync(folder, 0o711);
  mine.add(folder);
  return folder;
}

/** Removes a folder. What a process that is about to end still writes goes at the grader's end. */
export function removeFolder(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
    mine.delete(folder);
  } catch {
    // a file was written meanwhile
  }
}

function removeLeftovers(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = name.startsWith(PREFIX) && /^(\d+)-/.exec(name.slice(PREFIX.length))?.[1];
    if (pid && !isRunning(Number(pid))) removeFolder(path.join(os.tmpdir(), name));
  }
}
