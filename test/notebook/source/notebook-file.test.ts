import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  cellSource,
  courseRole,
  exerciseOf,
  NotebookFileError,
  parseNotebook,
  readNotebook,
  serializeNotebook,
  setCellSource,
  writeNotebook,
} from "@course/lib/notebook";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "notebook-file-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const TEXT = `{
 "cells": [
  {
   "cell_type": "code",
   "id": "a",
   "metadata": {
    "course": {
     "role": "exercise",
     "exercise": "getNodes"
    }
   },
   "source": [
    "one\\n",
    "two"
   ],
   "outputs": [],
   "execution_count": null
  },
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": "# Mine"
  }
 ],
 "unknown": {
  "z": 1,
  "a": 2
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

describe("a file that is not a notebook", () => {
  test.each([
    ["is not JSON", "{ what }", /^x\.ipynb is not JSON \(/],
    ["is cut off", '{"cells": [', /^x\.ipynb is not JSON: it ends in the middle/],
    ["is empty", " \n", /^x\.ipynb is empty$/],
    ["has conflict marks", '{\n<<<<<<< HEAD\n"cells": []}', /conflict marks/],
    ["is a list", "[]", /no list of "cells"/],
    ["is null", "null", /no list of "cells"/],
    ["has no cells", '{"nbformat": 4}', /no list of "cells"/],
    ["is of an older format", '{"cells": [], "nbformat": 3}', /has nbformat 3, expected 4/],
    ["has no format", '{"cells": []}', /has no nbformat, expected 4/],
    ["has a cell that is null", '{"cells": [null], "nbformat": 4}', /cell 1 is not a cell/],
    [
      "has a source that is a number",
      '{"cells": [{"cell_type": "code", "source": 1}], "nbformat": 4}',
      /cell 1 is not a cell: "source"/,
    ],
  ])("a notebook that %s is refused with a message that names it", (_, text, message) => {
    expect(() => parseNotebook(text, "x.ipynb")).toThrow(NotebookFileError);
    expect(() => parseNotebook(text, "x.ipynb")).toThrow(message);
  });

  test("a notebook that is missing is refused with a message that names it", () => {
    expect(() => readNotebook(path.join(folder, "none.ipynb"))).toThrow("none.ipynb is missing");
  });
});

test("a notebook that is read and written again is the same, byte for byte", () => {
  const file = path.join(folder, "same.ipynb");
  fs.writeFileSync(file, TEXT);
  writeNotebook(file, readNotebook(file));
  expect(fs.readFileSync(file, "utf8")).toBe(TEXT);
  expect(fs.readdirSync(folder)).toEqual(["same.ipynb"]);
});

test.each(["  ", "\t"])("a notebook keeps its indentation %j", (indent) => {
  const text = JSON.stringify(JSON.parse(TEXT), null, indent) + "\n";
  expect(serializeNotebook(parseNotebook(text, "x"))).toBe(text);
});

// Issue 11: every line of a notebook in another form was rewritten.
test.each([
  ["on one line", JSON.stringify(JSON.parse(TEXT))],
  ["on one line, with a newline", `${JSON.stringify(JSON.parse(TEXT))}\n`],
  ["with CRLF", TEXT.replaceAll("\n", "\r\n")],
  ["without a newline at the end", TEXT.trimEnd()],
  ["with a byte order mark", `\ufeff${TEXT}`],
  ["whose text is escaped to ASCII", TEXT.replace("# Mine", "\\u00e9 \\u221e \\ud83d\\udc69")],
  ["whose text is not ASCII", TEXT.replace("# Mine", "é ∞ 👩")],
])("a notebook %s is written in the same form", (_, text) => {
  expect(serializeNotebook(parseNotebook(text, "x"))).toBe(text);
});

// Issue 11: JSON.parse changed the digits of large integers in outputs.
test("a notebook keeps the digits of all its numbers", () => {
  const numbers = ["9007199254740993", "-18446744073709551615", "1.0", "1e5", "0.1000", "-0", "1E400", "12"];
  const text = TEXT.replace('"z": 1', numbers.map((digits, i) => `"${i}": ${digits}`).join(",\n  "));
  const notebook = parseNotebook(text, "x");
  expect(serializeNotebook(notebook)).toBe(text);
  expect(notebook.raw.unknown).toMatchObject({ "7": 12, a: 2 });
});

// Issue 11: the message had the file's bytes in it as they were.
test("what is wrong with a notebook is said in text that is safe to show", () => {
  for (const text of ["\u009b2J\u202e}", '{"cells": [], \u009b}']) {
    const message = (() => {
      try {
        parseNotebook(text, "x.ipynb");
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toMatch(/^x\.ipynb is not JSON \(/);
    expect(message).not.toMatch(/[\u009b\u202e]/);
  }
});

test("setCellSource() keeps the form of a source: one string or a list of lines", () => {
  const [list, text] = parseNotebook(TEXT, "x").cells;
  expect([cellSource(list), cellSource(text)]).toEqual(["one\ntwo", "# Mine"]);
  setCellSource(list, "a\n\nb\n");
  setCellSource(text, "c\nd");
  expect([list.source, text.source]).toEqual([["a\n", "\n", "b\n"], "c\nd"]);
});

test("a course cell has a role and may have an exercise, and a learner's own cell has neither", () => {
  const [exercise, own] = parseNotebook(TEXT, "x").cells;
  expect([courseRole(exercise), exerciseOf(exercise)]).toEqual(["exercise", "getNodes"]);
  expect([courseRole(own), exerciseOf(own)]).toEqual([undefined, undefined]);
});

test.each([{ course: "exercise" }, { course: { role: 7, exercise: [] } }, { course: null }])(
  "a cell with the metadata %j has no role and no exercise",
  (metadata) => {
    const cell = { cell_type: "code", metadata, source: "" };
    expect([courseRole(cell), exerciseOf(cell)]).toEqual([undefined, undefined]);
  },
);

describe("a file that is no notebook's file", () => {
  const outside = fs.mkdtempSync(path.join(os.tmpdir(), "notebook-refused-"));
  const own = path.join(outside, "own");
  afterAll(() => fs.rmSync(outside, { recursive: true }));
  const at = (name: string) => path.join(own, name);
  fs.mkdirSync(own);
  fs.writeFileSync(path.join(outside, "outside.ipynb"), TEXT);

  test.runIf(process.platform !== "win32")("a notebook that is a pipe is refused before it is opened", () => {
    execFileSync("mkfifo", [at("pipe.ipynb")]);
    expect(() => readNotebook(at("pipe.ipynb"))).toThrow("pipe.ipynb is a pipe, expected a file");
  });

  test.runIf(process.platform !== "win32")("a notebook that is a link to a device is refused", () => {
    fs.symlinkSync("/dev/zero", at("zero.ipynb"));
    expect(() => readNotebook(at("zero.ipynb"))).toThrow("zero.ipynb is a link that leads out of its folder");
  });

  test("a notebook that is a link to another folder's is refused", () => {
    fs.symlinkSync(path.join("..", "outside.ipynb"), at("link.ipynb"));
    expect(() => readNotebook(at("link.ipynb"))).toThrow(NotebookFileError);
  });

  test("a notebook that is a folder is refused", () => {
    fs.mkdirSync(at("folder.ipynb"));
    expect(() => readNotebook(at("folder.ipynb"))).toThrow("folder.ipynb is a folder, expected a file");
  });

  test("a notebook that is huge is refused unread", () => {
    fs.closeSync(fs.openSync(at("huge.ipynb"), "w"));
    fs.truncateSync(at("huge.ipynb"), 5e9); // takes no space on disk
    expect(() => readNotebook(at("huge.ipynb"))).toThrow("huge.ipynb has 5,000 MB, expected at most 64 MB");
  });

  test("a notebook is read through a link that stays in its folder", () => {
    fs.writeFileSync(at("real.ipynb"), TEXT);
    fs.symlinkSync("real.ipynb", at("other.ipynb"));
    expect(readNotebook(at("other.ipynb")).cells).toHaveLength(2);
  });
});
