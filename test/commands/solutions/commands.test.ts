import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../../../scripts/setup/paths";
import { removeLesson, writeLesson } from "./fixture";

let file: string;
beforeEach(() => {
  file = writeLesson();
});
afterEach(() => removeLesson(file));

function solutions(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, "scripts", "run.cjs"), "solutions", ...args],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  return { status, output: stdout + stderr };
}

test("npm run solutions -- in puts the solutions in, and out brings the learner's cells back", () => {
  // The fixture has two of the lesson's four exercises: the others are told as missing.
  const before = fs.readFileSync(file);
  const where = ["--notebooks", path.dirname(file)];
  const put = solutions("in", "03", ...where);
  expect(put).toEqual({ status: 1, output: expect.stringContaining("nodesToAddressStrings: solution put in") });
  expect(put.output).toContain("getNodes: there is no code cell for it");
  expect(put.output).toContain("Reload Notebook from Disk");
  expect(fs.readFileSync(file, "utf8")).toContain("Object.keys(nodes)");
  expect(solutions("out", "03-bitnodes-api.ipynb", ...where).output).toContain("your own cell is back");
  expect(fs.readFileSync(file)).toEqual(before);
});

test.each([
  [["--help"], 0, "in [options] [names...]"],
  [["build", "05-nothing"], 2, 'there is no notebook "05-nothing"'],
  [[], 2, "Usage:"],
  [["in", "getNodez"], 2, 'there is no exercise or notebook "getNodez": did you mean getNodes?'],
  [["inn"], 2, "unknown command 'inn'"],
  [["out", "--all"], 2, "unknown option '--all'"],
])("npm run solutions -- %j exits with %i, and says %j", (args, status, sentence) => {
  expect(solutions(...args)).toEqual({ status, output: expect.stringContaining(sentence) });
});
