import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
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

test("in and out, as a user types them", () => {
  // The fixture has two of the lesson's four exercises: the others are told as missing.
  const before = fs.readFileSync(file);
  const put = solutions("in", file);
  expect(put).toEqual({ status: 1, output: expect.stringContaining("nodesToAddressStrings: solution put in") });
  expect(put.output).toContain("getNodes: there is no code cell for it");
  expect(put.output).toContain("Reload Notebook from Disk");
  expect(fs.readFileSync(file, "utf8")).toContain("Object.keys(nodes)");
  expect(solutions("out", file).output).toContain("your own cell is back");
  expect(fs.readFileSync(file)).toEqual(before);
});

test.each([
  [["--help"], 0, "in [names...]"],
  [[], 2, "Usage:"],
  [["in", "getNodez"], 2, "There is no exercise and no notebook named getNodez."],
  [["inn"], 2, "unknown command 'inn'"],
  [["out", "--all"], 2, "unknown option '--all'"],
])("npm run solutions -- %j", (args, status, sentence) => {
  expect(solutions(...args)).toEqual({ status, output: expect.stringContaining(sentence) });
});
