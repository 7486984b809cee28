/** Checks before the work begins that its results can be written. */
import { UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";

/**
 * Returns the absolute path of `file`.
 *
 * @throws UsageError if no file can be written there.
 */
export function writable(file: string): string {
  requireFolderAround(file);
  const found = fs.statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) refuse(file, "that is a folder");
  if (found) requireAccess(file);
  return path.resolve(file);
}

/**
 * Requires that files can be written into `folder`, which need not be there yet.
 *
 * @throws UsageError if it cannot be made, or if nothing can be written into it.
 */
export function requireWritableFolder(folder: string): void {
  requireFolderAround(folder);
  const found = fs.statSync(folder, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) refuse(folder, "that is a file, and a folder is needed");
  if (found) requireAccess(folder);
}

function requireFolderAround(place: string): void {
  const folder = path.dirname(path.resolve(place));
  if (!fs.existsSync(folder)) refuse(place, `there is no folder ${path.dirname(place)}`);
  if (!fs.existsSync(place)) requireAccess(folder);
}

function requireAccess(place: string): void {
  try {
    fs.accessSync(place, fs.constants.W_OK);
  } catch {
    refuse(place, "you may not write there");
  }
}

function refuse(place: string, why: string): never {
  throw new UsageError(`the results cannot be written to ${place}: ${why}`);
}
