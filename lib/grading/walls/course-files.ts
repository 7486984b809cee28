/** The course's files that a learner's program needs. */
import fs from "node:fs";
import path from "node:path";
import { LIB } from "../../util/paths";
import { outermost } from "./node-files";

/** Returns the folder of the course: the nearest one above lib/ that has packages. */
export function courseRoot(): string {
  const lib = fs.realpathSync(LIB);
  for (let folder = path.dirname(lib); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, "node_modules"))) return folder;
    if (folder === path.dirname(folder)) return path.dirname(lib);
  }
}

/**
 * Returns lib/, the packages and package.json of the course, and the packages elsewhere that links lead to. Solutions,
 * tests and history are not among them.
 */
export function courseFiles(): string[] {
  const root = courseRoot();
  const packages = path.join(root, "node_modules");
  const files = [LIB, packages, path.join(root, "package.json"), ...linkedPackages(packages)];
  return outermost(files.filter((file) => fs.existsSync(file)).map((file) => fs.realpathSync(file)));
}

/** Returns the packages of a folder that are links. */
function linkedPackages(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) return [file];
    return entry.isDirectory() && entry.name.startsWith("@") ? linkedPackages(file) : [];
  });
}
