/** Backups of a user's files, made before a command or a cell changes one. */
import fs from "node:fs";
import path from "node:path";
import { replaceFile } from "./files";

/**
 * Returns the folder for backups of `file`: `.course/backups/<its name>` in the nearest parent folder that
 * has a `.course`, or else in its own folder.
 */
export function backupFolderOf(file: string): string {
  const own = path.dirname(path.resolve(file));
  let folder = own;
  while (!fs.existsSync(path.join(folder, ".course"))) {
    if (path.dirname(folder) === folder) return path.join(own, ".course", "backups", path.parse(file).name);
    folder = path.dirname(folder);
  }
  return path.join(folder, ".course", "backups", path.parse(file).name);
}

/**
 * Writes `bytes`, the content of `file`, to a new file in `folder` that is named by the time. If a backup
 * with the same bytes exists, writes nothing.
 *
 * @returns the path of the backup.
 */
export function backUp(file: string, bytes: Buffer, folder: string = backupFolderOf(file)): string {
  const extension = path.extname(file);
  const existing = backupsIn(folder, extension).find((backup) => fs.readFileSync(backup).equals(bytes));
  if (existing) return existing;
  fs.mkdirSync(folder, { recursive: true });
  const backup = path.join(folder, `${new Date().toISOString().replaceAll(":", "-")}${extension}`);
  replaceFile(backup, bytes);
  return backup;
}

/** Returns the backups in a folder with this extension, newest first; none if the folder does not exist. */
export function backupsIn(folder: string, extension: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(extension) && !name.startsWith("."));
  return names
    .sort()
    .reverse()
    .map((name) => path.join(folder, name));
}
