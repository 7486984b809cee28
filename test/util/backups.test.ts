import fs from "node:fs";
import path from "node:path";
import { backUp, backupFolderOf, backupsIn } from "@course/lib/util";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { remove, temporaryFolder } from "../helpers/course";

let home: string;

beforeEach(async () => {
  const made = await temporaryFolder();
  onTestFinished(() => remove(made));
  home = made;
});

test("copies of a file within the course are in the course's .course", () => {
  fs.mkdirSync(path.join(home, ".course"));
  fs.mkdirSync(path.join(home, "notebooks"));
  const copies = path.join(home, ".course", "backups", "crawl");
  expect(backupFolderOf(path.join(home, "notebooks", "crawl.duckdb"))).toBe(copies);
  expect(backupFolderOf(path.join(home, "crawl.jsonl"))).toBe(copies);
});

test("copies of any other file are beside it", () => {
  expect(backupFolderOf(path.join(home, "crawl.duckdb"))).toBe(
    path.join(home, ".course", "backups", "crawl"),
  );
});

test("a copy has the file's bytes and extension, the newest is first, and the same bytes are kept once", () => {
  const file = path.join(home, "crawl.duckdb");
  const first = backUp(file, Buffer.from([0, 255]));
  const again = backUp(file, Buffer.from([0, 255]));
  expect(again).toBe(first);
  expect(fs.readFileSync(first)).toEqual(Buffer.from([0, 255]));
  expect(backupsIn(path.dirname(first), ".duckdb")).toEqual([first]);
  expect(backupsIn(path.dirname(first), ".parquet")).toEqual([]);
  expect(backupsIn(path.join(home, "nowhere"), ".duckdb")).toEqual([]);
});
