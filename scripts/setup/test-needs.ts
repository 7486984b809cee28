/**
 * Finds what the chosen tests need beyond Node.js.
 *
 * Some folders need JupyterLab or its Python; test/browser/ also needs a Chromium, test/handout/nbgrader also
 * nbgrader, test/hub/ also JupyterHub.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { root } from "./paths";

export const BROWSER = "test/browser/";
export const NBGRADER = "test/handout/nbgrader";
const HUB = "test/hub/";
/**
 * Tests that take minutes, most of them to install something: they run when they are named, and .ci/run names each.
 */
export const NAMED_ONLY = [
  "test/handout/",
  HUB,
  "test/readme/",
  "test/setup/failures",
  "test/setup/start",
  "test/setup/work",
  "test/frontier/kills",
];
const JUPYTER = [
  BROWSER,
  NBGRADER,
  HUB,
  "test/commands/crawl/",
  "test/commands/solutions/",
  "test/kernel/",
  "test/setup/",
];

interface TestNeeds {
  jupyter: boolean;
  browser: boolean;
  nbgrader: boolean;
  hub: boolean;
  /** Those of NAMED_ONLY that are not named. */
  leftOut: string[];
}

/** Returns the test files, relative to the project's folder, with slashes. */
export function testFiles(): string[] {
  return readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll(path.sep, "/")}`)
    .filter((name) => name.endsWith(".test.ts"));
}

/**
 * Returns what the tests need that vitest runs with `args`.
 *
 * vitest runs a file if its path contains one of the arguments.
 */
export function needsOf(args: string[], files: string[]): TestNeeds {
  const filters = args.filter((arg) => !arg.startsWith("-")).map((arg) => arg.replace(/^\.\//, ""));
  const chosen = files.filter((file) => filters.some((filter) => file.includes(filter)));
  const leftOut = NAMED_ONLY.filter((named) => !chosen.some((file) => file.startsWith(named)));
  // The value of an option looks like a filter, too. If no filter matches a file, vitest gets no real filter.
  const matching = chosen.length > 0 ? chosen : files;
  const running = matching.filter((file) => !leftOut.some((named) => file.startsWith(named)));
  const some = (folders: string[]) =>
    running.some((file) => folders.some((folder) => file.startsWith(folder)));
  return {
    jupyter: some(JUPYTER),
    browser: some([BROWSER]),
    nbgrader: some([NBGRADER]),
    hub: some([HUB]),
    leftOut,
  };
}
