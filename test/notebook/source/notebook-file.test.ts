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
    ["is not JSON", "{", /^x\.ipynb is not JSON \(/],
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
