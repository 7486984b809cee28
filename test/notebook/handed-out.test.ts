import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hasHiddenChecks } from "../../lib/notebook/handed-out";

test.each([
  ["says so", '{ "hiddenChecks": true }', true],
  ["says nothing of them", '{ "release": "0.1.0" }', false],
  ["is no JSON", "{", false],
])("hasHiddenChecks() of a file that %s, %j, is %s", (_what, text, expected) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "course-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, "release.json");
  fs.writeFileSync(file, text);
  expect(hasHiddenChecks(file)).toBe(expected);
  expect(hasHiddenChecks(path.join(folder, "nowhere.json"))).toBe(false);
});
