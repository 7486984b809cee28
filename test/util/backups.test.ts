import fs from "node:fs";
import path from "node:path";
import { copiesFolderOf, copiesIn, keepCopyOf } from "@course/lib";
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
  expect(copiesFolderOf(path.join(home, "notebooks", "crawl.duckdb"))).toBe(copies);
  expect(copiesFolderOf(path.join(home, "crawl.jsonl"))).toBe(copies);
});

test("copies of any other file are beside it", () => {
  expect(copiesFolderOf(path.join(home, "crawl.duckdb"))).toBe(
    path.join(home, ".course", "backups", "crawl"),
  );
});

test("a copy has the file's bytes and extension, the newest is first, and the same bytes are kept once", () => {
  const file = path.join(home, "crawl.duckdb");
  const first = keepCopyOf(file, Buffer.from([0, 255]));
  const again = keepCopyOf(file, Buffer.from([0, 255]));
  expect(again).toBe(first);
  expect(fs.readFileSync(first)).toEqual(Buffer.from([0, 255]));
  expect(copiesIn(path.dirname(first), ".duckdb")).toEqual([first]);
  expect(copiesIn(path.dirname(first), ".parquet")).toEqual([]);
  expect(copiesIn(path.join(home, "nowhere"), ".duckdb")).toEqual([]);
});
