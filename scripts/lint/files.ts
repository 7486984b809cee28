/** Lists the files to lint: those that git tracks or would track. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "../setup/paths";

/** Returns the repository's files with one of these endings, as paths from the root. */
export function sourceFiles(...endings: string[]): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64e6,
  });
  const names = new Set(listed.split("\0"));
  return [...names].filter(
    (name) => endings.includes(path.extname(name)) && fs.existsSync(path.join(root, name)),
  );
}
