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

test("backups of a file in the course are in the course's .course", () => {
  fs.mkdirSync(path.join(home, ".course"));
  fs.mkdirSync(path.join(home, "notebooks"));
  const copies = path.join(home, ".course", "backups", "crawl");
  expect(backupFolderOf(path.join(home, "notebooks", "crawl.duckdb"))).toBe(copies);
  expect(backupFolderOf(path.join(home, "crawl.jsonl"))).toBe(copies);
});

test("backups of a file outside of a course are in a .course beside it", () => {
  expect(backupFolderOf(path.join(home, "crawl.duckdb"))).toBe(
    path.join(home, ".course", "backups", "crawl"),
  );
});

test("backUp() writes the bytes it is given, and writes the same bytes only once", () => {
  const file = path.join(home, "crawl.duckdb");
  const first = backUp(file, Buffer.from([0, 255]));
  const again = backUp(file, Buffer.from([0, 255]));
  expect(again).toBe(first);
  expect(fs.readFileSync(first)).toEqual(Buffer.from([0, 255]));
  expect(backupsIn(path.dirname(first), ".duckdb")).toEqual([first]);
});

test("backupsIn() lists the files with an extension, newest first", () => {
  const names = ["2026-01-01T00-00-00.000Z.duckdb", "2026-01-02T00-00-00.000Z.duckdb", "2026-01-03.parquet"];
  for (const name of names) fs.writeFileSync(path.join(home, name), "");
  expect(backupsIn(home, ".duckdb")).toEqual([path.join(home, names[1]), path.join(home, names[0])]);
  expect(backupsIn(home, ".jsonl")).toEqual([]);
});

test("backupsIn() a folder that does not exist is an empty list", () => {
  expect(backupsIn(path.join(home, "nowhere"), ".duckdb")).toEqual([]);
});
