/** Every solved lesson, from top to bottom through the real kernel. */
import path from "node:path";
import { expect, test } from "vitest";
import { cellSource, courseRole, exerciseOf, type NotebookCell, readNotebook } from "@course/lib/notebook";
import { NOTEBOOKS, notebookName, notebooksIn, SOLUTIONS } from "../../scripts/notebooks/files";
import { runNotebook } from "../../scripts/notebooks/run";
import { printed } from "./printed";
import { usePracticeNetwork } from "./network";

const LIMIT_MS = 150_000;
const network = usePracticeNetwork({ peers: 40, latency: 0 });
const solutions = notebooksIn(SOLUTIONS);

test("each lesson has its solutions", () => {
  const lessons = notebooksIn(NOTEBOOKS).map(notebookName);
  expect(lessons.length).toBeGreaterThan(0);
  expect(solutions.map(notebookName)).toEqual(lessons);
});

test.each(solutions.map(notebookName))(
  "%s runs without an error, and all its checks pass",
  async (name) => {
    const notebook = readNotebook(path.join(SOLUTIONS, `${name}.ipynb`));
    const env = { BITNODES_URL: network().api };
    const { passed, lines, notebook: ran } = await runNotebook(notebook, { folder: SOLUTIONS, env });
    expect(passed, lines.join("\n")).toBe(true);
    const checks = ran.cells.filter(isCheck);
    expect(checks.length).toBeGreaterThan(0);
    for (const cell of checks) expect(printed(cell)).toContain(`${exerciseOf(cell)} is solved`);
  },
  LIMIT_MS,
);

function isCheck(cell: NotebookCell): boolean {
  return courseRole(cell) === "check" && cellSource(cell).includes("check(");
}
