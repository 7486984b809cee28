/** Installs a program for Node.js into a folder of its own, apart from the course's packages. */
import { type ProcessOutcome, run } from "./processes";

/** Runs `npm install` of a package, given with its version, in `folder`. */
export function npmInstall(folder: string, name: string, signal?: AbortSignal): Promise<ProcessOutcome> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const flags = ["--prefix", folder, "--no-audit", "--no-fund", "--no-package-lock"];
  return run(npm, ["install", ...flags, name], { signal });
}
