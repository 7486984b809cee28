/** Writes the files of a handout, into a folder or a zip file. */
import { replaceFile, UsageError } from "@course/lib/util";
import { type Zippable, zipSync } from "fflate";
import fs from "node:fs";
import path from "node:path";

/** Checks before the work begins that `out` can be written. Throws a UsageError if it is there already. */
export function requireNew(out: string): void {
  if (fs.existsSync(out) && (out.endsWith(".zip") || fs.readdirSync(out).length > 0))
    throw new UsageError(`${out} is there already: name a new folder or zip file`);
  const parent = path.dirname(path.resolve(out));
  if (!fs.existsSync(parent)) throw new UsageError(`there is no folder ${parent} to write to`);
}

/** Writes files by their paths; in a zip file below `top`, if it is given. */
export function writeFiles(out: string, files: Map<string, Uint8Array>, top?: string): void {
  if (out.endsWith(".zip")) {
    const entries = [...files].map(([name, bytes]) => [
      top ? `${top}/${name}` : name,
      [bytes, modeOf(bytes)],
    ]);
    replaceFile(out, zipSync(Object.fromEntries(entries) as Zippable));
    return;
  }
  for (const [name, bytes] of files) {
    const file = path.join(out, ...name.split("/"));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes, { mode: isScript(bytes) ? 0o755 : 0o644 });
  }
}

/** Returns what a zip file says of a file's permissions, for the programs of Unix. */
function modeOf(bytes: Uint8Array): { os: number; attrs: number } {
  return { os: 3, attrs: ((isScript(bytes) ? 0o100755 : 0o100644) << 16) >>> 0 };
}

function isScript(bytes: Uint8Array): boolean {
  return bytes[0] === 0x23 && bytes[1] === 0x21; // #!
}
