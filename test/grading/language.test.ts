/** A lesson in another language is graded by the same checks. */
import path from "node:path";
import { courseRole, exerciseOf, readNotebook, cellSource, solutionSource } from "@course/lib/notebook";
import { expect, test } from "vitest";
import { NOTEBOOKS } from "../../scripts/notebooks/files";
import { translateLesson } from "../../scripts/translate/lesson";
import { courseCell, gradeCases } from "./notebooks";

test("a German lesson is graded: a solution, a wrong answer and an untouched stub", async () => {
  const name = "03-bitnodes-api";
  const notebook = readNotebook(path.join(NOTEBOOKS, `${name}.ipynb`));
  translateLesson(notebook, name, "de");
  const answers: Record<string, string> = {
    getBitnodesApiResponse: solutionSource("getBitnodesApiResponse"),
    getNodes: "async function getNodes(): Promise<Nodes> { return {}; }",
  };
  const cells = notebook.cells
    .filter((cell) => ["setup", "exercise"].includes(courseRole(cell) ?? ""))
    .map((cell) => {
      const id = exerciseOf(cell);
      return courseCell(courseRole(cell)!, answers[id ?? ""] ?? cellSource(cell), id);
    });
  const ids = ["getBitnodesApiResponse", "getNodes", "nodesToAddressStrings"] as const;
  const { german } = await gradeCases({ german: { cells, ids } });
  expect(german.result.exercises.map(({ id, status }) => [id, status])).toEqual([
    ["getBitnodesApiResponse", "solved"],
    ["getNodes", "failed"],
    ["nodesToAddressStrings", "untouched"],
  ]);
});
