import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { program, remove, script, temporaryFolder } from "../helpers/course";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(path.join(folder, "node_modules"));
  for (const name of ["scripts/run.cjs", "package-lock.json", "node_modules/.package-lock.json"]) {
    await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  }
});
afterEach(() => remove(folder));

test("an old Node.js is told which one is needed, before anything else", async () => {
  const old = path.join(folder, "old.cjs");
  await writeFile(
    old,
    'const node = "18.20.8"; for (const [key, value] of [["versions", { ...process.versions, node }], ["version", "v" + node]]) Object.defineProperty(process, key, { value });',
  );
  const command = program(process.execPath, ["-r", old, path.join(folder, "scripts/run.cjs"), "start"]);
  expect(await command.exitCode()).toBe(1);
  expect(command.output).toBe(
    "This course needs Node.js 20 or newer, and this is v18.20.8: install a newer one (nodejs.org, or your version manager), then run the same command again.\n",
  );
});

test.each([
  ["missing", () => rm(path.join(folder, "node_modules"), { recursive: true })],
  ["half there", () => rm(path.join(folder, "node_modules/.package-lock.json"))],
  ["listed but not there", async () => {}],
  [
    "of another time",
    () => writeFile(path.join(folder, "node_modules/.package-lock.json"), '{ "packages": {} }'),
  ],
])("packages that are %s are a sentence that says `npm ci`", async (_, spoil) => {
  await spoil();
  const command = script("start", [], {}, folder);
  expect(await command.exitCode()).toBe(1);
  expect(command.output).toMatch(
    /^The packages of the course are not installed.*run `npm ci`, then the same command again\.\n$/,
  );
});

test("a script that is not there is a sentence", async () => {
  const command = script("frobnicate", []);
  expect(await command.exitCode()).toBe(1);
  expect(command.output).toMatch(/^There is no scripts\/frobnicate\.ts/);
});
