/** The course's files that a learner's program needs. */
import fs from "node:fs";
import path from "node:path";
import { LIB } from "../../util/paths";

/** Returns the folder of the course: the nearest one above lib/ that has packages. */
export function courseRoot(): string {
  const lib = fs.realpathSync(LIB);
  for (let folder = path.dirname(lib); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, "node_modules"))) return folder;
    if (folder === path.dirname(folder)) return path.dirname(lib);
  }
}

/** Returns lib/, the packages and package.json of the course. Solutions, tests and history are not among them. */
export function courseFiles(): string[] {
  const root = courseRoot();
  const files = [LIB, path.join(root, "node_modules"), path.join(root, "package.json")];
  return files.filter((file) => fs.existsSync(file)).map((file) => fs.realpathSync(file));
}
