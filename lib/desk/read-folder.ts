/** Lists the files of a folder that others filled. Follows no link, opens no pipe. */
import fs from "node:fs";
import path from "node:path";
import { FileRefused, kindOf, readRegularFile, tooLarge } from "../util/regular-file";
import { isMade, isRead, MAX_DEPTH, MAX_FILE_BYTES, MAX_FILES, SubmissionError, type Tree } from "./tree";

/**
 * Returns what a folder holds that is read.
 *
 * @throws SubmissionError if there are more than MAX_FILES files.
 */
export function readFolder(folder: string): Tree {
  const tree: Tree = { files: [], refused: [], outside: [] };
  let count = 0;
  const walk = (inner: string, depth: number): void => {
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(path.join(folder, inner), { withFileTypes: true });
    } catch (error) {
      if (inner === "") throw new SubmissionError(`cannot be read: ${(error as Error).message}`);
      tree.refused.push({ path: inner, reason: `cannot be read (${(error as NodeJS.ErrnoException).code})` });
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (isMade(entry.name)) continue;
      if (++count > MAX_FILES) throw new SubmissionError(`holds more than ${MAX_FILES} files`);
      const at = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (!entry.isDirectory()) addFile(tree, folder, at);
      else if (depth >= MAX_DEPTH)
        tree.refused.push({ path: at, reason: `is more than ${MAX_DEPTH} folders deep` });
      else walk(at, depth + 1);
    }
  };
  walk("", 0);
  return tree;
}

function addFile(tree: Tree, folder: string, at: string): void {
  const file = path.join(folder, ...at.split("/"));
  const stats = fs.lstatSync(file);
  const refuse = (reason: string) => void tree.refused.push({ path: at, reason });
  if (!stats.isFile()) return refuse(`is ${kindOf(stats)}, expected a file`);
  if (!isRead(at)) return;
  if (stats.size > MAX_FILE_BYTES) return refuse(tooLarge(stats.size, MAX_FILE_BYTES));
  tree.files.push({ path: at, size: stats.size, read: async () => readOne(file, at) });
}

function readOne(file: string, at: string): Buffer {
  try {
    return readRegularFile(file, MAX_FILE_BYTES);
  } catch (error) {
    const why = error instanceof FileRefused ? error.message : `cannot be read: ${(error as Error).message}`;
    throw new SubmissionError(`${path.posix.basename(at)} ${why}`);
  }
}
