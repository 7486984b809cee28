/** Lets another user read a folder. */
import fs from "node:fs";
import path from "node:path";

/** Bytes of the largest file that is copied. A lesson's notebook has less than a tenth of that. */
const MAX_BYTES = 64_000_000;
const READ = 0o004;
const ENTER = 0o001;

/** Returns whether all users can get to a folder. */
export function canBeReachedByOthers(folder: string): boolean {
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    if (!(fs.statSync(above).mode & ENTER)) return false;
    if (above === path.dirname(above)) return true;
  }
}

/** Returns whether all users who get to a folder can read the files in it. */
export function canBeReadByOthers(folder: string): boolean {
  return entriesBelow(folder).every(({ file, isFolder }) => {
    const wanted = isFolder ? READ | ENTER : READ;
    return (fs.statSync(file).mode & wanted) === wanted;
  });
}

/** Copies the plain files and folders of a folder. Links, pipes and devices are left out. */
export function copyForOthers(from: string, to: string): void {
  for (const { file, isFolder } of entriesBelow(from)) {
    const copy = path.join(to, path.relative(from, file));
    if (isFolder) fs.mkdirSync(copy, { mode: 0o755 });
    else if (fs.statSync(file).size <= MAX_BYTES) {
      fs.copyFileSync(file, copy);
      fs.chmodSync(copy, 0o644);
    }
  }
}

/** Returns a folder, and what is below it, each after the folder that it is in. */
function entriesBelow(folder: string): { file: string; isFolder: boolean }[] {
  const below = fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : entriesBelow(file);
    return entry.isFile() ? [{ file, isFolder: false }] : [];
  });
  return [{ file: folder, isFolder: true }, ...below];
}
