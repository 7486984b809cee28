import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type NotebookCell, readNotebook, writeNotebook } from "@course/lib/notebook";
import { build, solved, staleness } from "../../../scripts/solutions/build";
import { openPainter } from "../../../scripts/solutions/pictures";
import { removeLesson, writeLesson } from "./fixture";

let lesson: string;
let solution: string;

/** A lesson of two cells, and its solution as a build leaves it. */
beforeEach(async () => {
  const exercise = { role: "exercise", exercise: "greeting" };
  const check = { role: "check", exercise: "greeting" };
  lesson = writeLesson([
    { cell_type: "code", id: "a", metadata: { course: exercise }, outputs: [], source: "throw 1;" },
    { cell_type: "code", id: "b", metadata: { course: check }, outputs: [], source: "check();" },
  ]);
  solution = path.join(path.dirname(lesson), "..", "solutions", path.basename(lesson));
  fs.mkdirSync(path.dirname(solution));
  const notebook = await solved(lesson);
  notebook.cells.forEach((cell, index) => (cell.execution_count = index + 1));
  notebook.cells[1].outputs = [{ output_type: "stream", name: "stdout", text: ["solved\n"] }];
  writeNotebook(solution, notebook);
});
afterEach(() => removeLesson(lesson));

const stale = () => staleness(path.dirname(lesson), path.dirname(solution));

function change(file: string, edit: (cells: NotebookCell[]) => void): void {
  const notebook = readNotebook(file);
  edit(notebook.cells);
  writeNotebook(file, notebook);
}

test("a solution that was just made is up to date", async () => {
  expect(readNotebook(solution).cells[0].source).toContain("function greeting(userAgent: string): string {\n");
  expect(await stale()).toEqual([]);
});

test("what a learner writes into the exercise makes no difference", async () => {
  change(lesson, ([cell]) => (cell.source = "my own work"));
  expect(await stale()).toEqual([]);
});

test.each<[string, (cells: NotebookCell[]) => void, RegExp]>([
  ["a source that was edited", ([cell]) => (cell.source = "1"), /cell 1 \(a\) is not what the lesson/],
  ["another id", ([, cell]) => (cell.id = "c"), /cell 2 \(b\) is not what/],
  ["a cell too few", (cells) => cells.pop(), /cell 2 \(b\) is not what/],
  ["a cell too many", (cells) => cells.push(structuredClone(cells[1])), /cells that the lesson has not/],
  ["a cell that was not run", ([cell]) => (cell.execution_count = null), /cell 1 \(a\) was not run/],
  ["a check without an output", ([, cell]) => (cell.outputs = []), /cell 2 \(b\) has no output/],
  ["an error", ([cell]) => (cell.outputs = [{ output_type: "error" }]), /cell 1 \(a\) ended in an error/],
  [
    "an error as tslab prints it",
    ([cell]) => (cell.outputs = [{ output_type: "stream", name: "stderr", text: "Error" }]),
    /cell 1 \(a\) ended in an error/,
  ],
])("a solution with %s is out of date", async (_, edit, sentence) => {
  change(solution, edit);
  expect(await stale()).toEqual([expect.stringMatching(sentence)]);
});

test("a changed lesson makes its solution out of date", async () => {
  change(lesson, ([, cell]) => (cell.source = "check(1);"));
  expect(await stale()).toEqual([expect.stringMatching(/cell 2 \(b\) is not what/)]);
});

test("a missing solution, a broken one, and one of no lesson are named", async () => {
  const left = path.join(path.dirname(solution), "99-gone.ipynb");
  fs.renameSync(solution, left);
  expect(await stale()).toEqual([
    "solutions/03-bitnodes-api.ipynb is missing",
    expect.stringMatching(/99-gone\.ipynb: there is no such lesson any more/),
  ]);
  fs.rmSync(left);
  fs.writeFileSync(solution, "{");
  expect(await stale()).toEqual([expect.stringMatching(/^solutions\/03-bitnodes-api\.ipynb is not JSON/)]);
});

test("a lesson with an exercise that does not exist is not built", async () => {
  change(lesson, ([cell]) => (cell.metadata!.course = { role: "exercise", exercise: "nothing" }));
  await expect(build(lesson, openPainter(), {})).rejects.toThrow('there is no exercise named "nothing"');
});
