import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { replaceFile } from "@course/lib/util";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { remove, temporaryFolder } from "../helpers/course";

const isWindows = process.platform === "win32";

let home: string;
let file: string;

beforeEach(async () => {
  const made = await temporaryFolder();
  onTestFinished(() => remove(made));
  home = made;
  file = path.join(home, "crawl.json");
});

test("replaceFile() creates a file, and replaces its content", () => {
  replaceFile(file, "one");
  expect(fs.readFileSync(file, "utf8")).toBe("one");
  replaceFile(file, Uint8Array.of(0, 255));
  expect(fs.readFileSync(file)).toEqual(Buffer.of(0, 255));
  expect(fs.readdirSync(home)).toEqual(["crawl.json"]);
});

test.skipIf(isWindows)("replaceFile() keeps the mode of a file", () => {
  fs.writeFileSync(file, "old");
  fs.chmodSync(file, 0o640);
  replaceFile(file, "new");
  expect(fs.statSync(file).mode & 0o777).toBe(0o640);
});

test.skipIf(isWindows)("replaceFile() of a symbolic link replaces the file that the link points to", () => {
  fs.mkdirSync(path.join(home, "elsewhere"));
  const target = path.join(home, "elsewhere", "target.json");
  fs.writeFileSync(target, "old");
  fs.symlinkSync(target, file);
  replaceFile(file, "new");
  expect(fs.readFileSync(target, "utf8")).toBe("new");
  expect(fs.lstatSync(file).isSymbolicLink()).toBe(true);
});

test("replaceFile() removes what killed processes left beside the file, and nothing else", () => {
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  const left = [`.crawl.json.${dead}.1.tmp`, `.crawl.json.${dead}.2.tmp.wal`];
  const kept = [`.crawl.json.${process.pid}.99.tmp`, `.other.json.${dead}.1.tmp`, `crawl.json.${dead}.1.tmp`];
  for (const name of [...left, ...kept]) fs.writeFileSync(path.join(home, name), "");
  replaceFile(file, "new");
  expect(fs.readdirSync(home).sort()).toEqual([...kept, "crawl.json"].sort());
});

test("replaceFile() that cannot move the new content keeps the old, and leaves no temporary file", () => {
  fs.mkdirSync(path.join(file, "full"), { recursive: true });
  expect(() => replaceFile(file, "new")).toThrow();
  expect(fs.readdirSync(home)).toEqual(["crawl.json"]);
});

// A write to a full disk first writes a part, without an error: the limit on file sizes does the same.
// npm's write-file-atomic 5.0.1 took that part for the whole, and replaced the file by it.
test.skipIf(isWindows)(
  "replaceFile() keeps the old content when only a part of the new could be written",
  () => {
    fs.writeFileSync(file, "old");
    const util = require.resolve("@course/lib/util");
    const script = `
    try {
      require(${JSON.stringify(util)}).replaceFile(${JSON.stringify(file)}, Buffer.alloc(1_000_000));
    } catch (error) {
      console.log(error.code);
    }`;
    const output = execFileSync("sh", ["-c", 'ulimit -f 100; exec "$0" -e "$1"', process.execPath, script]);
    expect(output.toString()).toBe("EFBIG\n");
    expect(fs.readFileSync(file, "utf8")).toBe("old");
    expect(fs.readdirSync(home)).toEqual(["crawl.json"]);
  },
);
