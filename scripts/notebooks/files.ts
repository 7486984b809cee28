/**
 * Where the course's notebooks are, and the copies that are kept before a command changes one.
 *
 * A copy goes to `.course/backups/<notebook>/<time>.ipynb`, beside the notebooks' folder. It is the file's
 * own bytes, so nothing that a parser might drop or reorder is lost.
 */
import fs from "node:fs";
import path from "node:path";
import { backUp, backupsIn } from "@course/lib/util";
import { root } from "../setup/paths";

export const NOTEBOOKS = path.join(root, "notebooks");
export const SOLUTIONS = path.join(root, "solutions");

/** The notebooks in a folder, in the course's order; none if there is no such folder. */
export function notebooksIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb") && !name.startsWith("."));
  return names.sort().map((name) => path.join(folder, name));
}

/** `03-bitnodes-api` for its file. */
export function notebookName(file: string): string {
  return path.basename(file, ".ipynb");
}

/** A file as a user would type it: from the course's folder if it is in there, else from the root. */
export function shown(file: string): string {
  const relative = path.relative(root, file);
  return relative.startsWith("..") ? file : relative;
}

/** Keeps a copy of a notebook's bytes and returns where. The same bytes are kept once. */
export function keepCopy(file: string, bytes: Buffer): string {
  return backUp(file, bytes, copiesFolder(file));
}

/** The copies of a notebook, newest first. */
export function copiesOf(file: string): string[] {
  return backupsIn(copiesFolder(file), ".ipynb");
}

function copiesFolder(file: string): string {
  return path.join(path.dirname(file), "..", ".course", "backups", notebookName(file));
}
