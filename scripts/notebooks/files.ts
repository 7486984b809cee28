/**
 * The course's notebooks, and the copies that commands keep before they change one.
 *
 * A copy goes to `.course/backups/<notebook>/<time>.ipynb`, beside the notebooks' folder. It has the file's
 * own bytes, since parsing and writing might drop or reorder something.
 */
import fs from "node:fs";
import path from "node:path";
import { backUp, backupsIn } from "@course/lib/util";
import { root, work } from "../setup/paths";

/** The lessons as the course has them. */
export const NOTEBOOKS = path.join(root, "notebooks");
/** The lessons that the learner works on. */
export const LEARNERS_NOTEBOOKS = path.join(work, "notebooks");
export const SOLUTIONS = path.join(root, "solutions");

/** Returns the notebooks in a folder, in the course's order; none if there is no such folder. */
export function notebooksIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb") && !name.startsWith("."));
  return names.sort().map((name) => path.join(folder, name));
}

/** Returns the notebook's name, `03-bitnodes-api`, of its file. */
export function notebookName(file: string): string {
  return path.basename(file, ".ipynb");
}

/** Returns a path for messages: relative to the project's folder, or absolute if it is outside. */
export function shown(file: string): string {
  const relative = path.relative(root, file);
  return relative.startsWith("..") ? file : relative;
}

/** Keeps a copy of a notebook's bytes, and returns its path. Equal bytes are kept once. */
export function keepCopy(file: string, bytes: Buffer): string {
  return backUp(file, bytes, copiesFolder(file));
}

/** Returns the paths of a notebook's copies, newest first. */
export function copiesOf(file: string): string[] {
  return backupsIn(copiesFolder(file), ".ipynb");
}

function copiesFolder(file: string): string {
  return path.join(path.dirname(file), "..", ".course", "backups", notebookName(file));
}
