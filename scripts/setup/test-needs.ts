/** What the tests that were asked for need beyond Node.js: JupyterLab, or the Python that comes with it, for some folders, a browser for one. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { root } from "./paths";

const BROWSER = "test/browser/";
const JUPYTER = [BROWSER, "test/commands/crawl/", "test/commands/solutions/", "test/kernel/", "test/setup/"];

export interface TestNeeds {
  jupyter: boolean;
  browser: boolean;
}

/** The test files, from the project's folder, with slashes. */
export function testFiles(): string[] {
  return readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll(path.sep, "/")}`)
    .filter((name) => name.endsWith(".test.ts"));
}

/** What is needed by those of `files` that vitest runs when it gets `args`: it takes a file if its path holds one of them. */
export function needsOf(args: string[], files: string[]): TestNeeds {
  const filters = args.filter((arg) => !arg.startsWith("-")).map((arg) => arg.replace(/^\.\//, ""));
  const chosen = files.filter((file) => filters.some((filter) => file.includes(filter)));
  // The value of an option looks like a filter too: if none chooses a file, all files run.
  const running = chosen.length > 0 ? chosen : files;
  const some = (folders: string[]) =>
    running.some((file) => folders.some((folder) => file.startsWith(folder)));
  return { jupyter: some(JUPYTER), browser: some([BROWSER]) };
}
