/** Copies of a user's files, kept before a command or a cell changes one. */
import fs from "node:fs";
import path from "node:path";
import { replaceFile } from "./files";

/** Where copies of `file` go: in `.course/backups` of the nearest folder around it that has a `.course`, else of its own. */
export function backupFolderOf(file: string): string {
  const own = path.dirname(path.resolve(file));
  let folder = own;
  while (!fs.existsSync(path.join(folder, ".course"))) {
    if (path.dirname(folder) === folder) return path.join(own, ".course", "backups", path.parse(file).name);
    folder = path.dirname(folder);
  }
  return path.join(folder, ".course", "backups", path.parse(file).name);
}

/** Keeps a copy of `file`, whose content is `bytes`, in `folder`, named by the time, and returns where. The same bytes are kept once. */
export function backUp(file: string, bytes: Buffer, folder: string = backupFolderOf(file)): string {
  const extension = path.extname(file);
  const same = backupsIn(folder, extension).find((copy) => fs.readFileSync(copy).equals(bytes));
  if (same) return same;
  fs.mkdirSync(folder, { recursive: true });
  const copy = path.join(folder, `${new Date().toISOString().replaceAll(":", "-")}${extension}`);
  replaceFile(copy, bytes);
  return copy;
}

/** The copies in a folder that have this extension, newest first; none if there is no such folder. */
export function backupsIn(folder: string, extension: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(extension) && !name.startsWith("."));
  return names
    .sort()
    .reverse()
    .map((name) => path.join(folder, name));
}
