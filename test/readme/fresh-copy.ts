/** A copy of the project as a fresh clone has it: the files that git knows or would take, and nothing else. */
import { execFileSync } from "node:child_process";
import { cp } from "node:fs/promises";
import path from "node:path";
import { temporaryFolder } from "../helpers/course";
import { root } from "../../scripts/setup/paths";

/** Makes the copy, and returns its folder. */
export async function freshCopy(): Promise<string> {
  const folder = await temporaryFolder();
  const deleted = new Set(gitFiles("--deleted"));
  const files = gitFiles("--cached", "--others", "--exclude-standard").filter((file) => !deleted.has(file));
  for (const file of files) await cp(path.join(root, file), path.join(folder, file));
  return folder;
}

function gitFiles(...flags: string[]): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", ...flags], { cwd: root, encoding: "utf8" });
  return listed.split("\0").filter((file) => file !== "");
}
