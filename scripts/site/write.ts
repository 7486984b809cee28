/**
 * Writes the site into a folder.
 *
 * A list of its files goes with it. So a folder that has other things in it is left alone, and of a site of ours
 * only the files on its list are replaced or removed: a CNAME that a host wants stays.
 */
import fs from "node:fs";
import path from "node:path";
import { replaceFile, UsageError } from "@course/lib/util";

/** The list, in the site's folder. */
const LIST = "course-site.json";

/** Checks before the work begins that `out` can be written. Throws a UsageError if others' files are in it. */
export function requireOurs(out: string): void {
  const parent = path.dirname(path.resolve(out));
  if (!fs.existsSync(parent)) throw new UsageError(`there is no folder ${parent} to write to`);
  if (!fs.existsSync(out)) return;
  if (!fs.statSync(out).isDirectory()) throw new UsageError(`${out} is a file: name a folder`);
  if (fs.readdirSync(out).length > 0 && listed(out) === undefined)
    throw new UsageError(
      `${out} has files in it that \`npm run site\` has not written: name a new folder, or empty this one`,
    );
}

/** Writes the files of the site by their paths, and removes those of the site before that it no longer has. */
export function writeSite(out: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  const before = listed(out) ?? [];
  fs.mkdirSync(out, { recursive: true });
  // The list is written first: after a run that was stopped, all files are on it.
  const names = [...files.keys()];
  writeList(out, [...new Set([...before, ...names])]);
  for (const name of before) if (!files.has(name)) fs.rmSync(path.join(out, name), { force: true });
  for (const [name, content] of files) {
    const file = path.join(out, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    replaceFile(file, content);
  }
  writeList(out, names);
}

function writeList(out: string, names: string[]): void {
  replaceFile(
    path.join(out, LIST),
    JSON.stringify({ madeBy: "npm run site", files: names.sort() }, null, 1) + "\n",
  );
}

/** Returns the files that the site in a folder lists; `undefined` if it is none of ours. */
function listed(out: string): string[] | undefined {
  try {
    const { madeBy, files } = JSON.parse(fs.readFileSync(path.join(out, LIST), "utf8")) as Record<
      string,
      unknown
    >;
    const isOurs = madeBy === "npm run site" && Array.isArray(files) && files.every(isInside);
    return isOurs ? (files as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns whether a name on the list is one that we write: a file in the folder, or one below it. */
function isInside(name: unknown): boolean {
  return typeof name === "string" && /^[\w.-]+(\/[\w.-]+)*$/.test(name) && !name.split("/").includes("..");
}
