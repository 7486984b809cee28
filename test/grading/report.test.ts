import { expect, test } from "vitest";
import { type ExerciseResult, reportText, sumUp } from "@course/lib/grading";
import { stripVTControlCharacters } from "node:util";

function result(id: string, notebook: string, changes: Partial<ExerciseResult> = {}): ExerciseResult {
  return { id, notebook, status: "solved", points: 2, possible: 2, checks: [], ...changes };
}

const LONG =
  "expected the bytes f9 be b4 d9 at the beginning of each message, got 0b 11 09 07 before the second";
const graded = {
  result: sumUp([
    result("mapPool", "06-many-at-once"),
    result("getVersionMessagesConcurrently", "06-many-at-once"),
    result("greeting", "a-notebook-with-a-name-that-is-long", {
      status: "failed",
      points: 0,
      checks: [{ name: "A check", passed: false, message: LONG }],
    }),
  ]),
  notes: [{ notebook: "06-many-at-once", text: "a remark that goes on and on, to the right end of a narrow terminal", important: true }], // prettier-ignore
  outputs: {},
};

test("reportText() has its columns under each other, however long the names are", () => {
  const lines = stripVTControlCharacters(reportText(graded)).split("\n");
  const columnOf = (pattern: RegExp) => lines.map((line) => line.search(pattern)).filter((at) => at >= 0);
  expect(columnOf(/\d\/\d$/)).toHaveLength(3);
  expect(new Set(columnOf(/\d\/\d$/)).size).toBe(1);
  expect(columnOf(/[█░]/)).toHaveLength(3);
  expect(new Set(columnOf(/[█░]/)).size).toBe(1);
});

test("reportText() wraps messages and remarks in a terminal under their beginning, and nowhere else", () => {
  const inTerminal = stripVTControlCharacters(reportText(graded, { columns: 50 }));
  expect(inTerminal).toContain("\n        expected the bytes f9 be b4 d9 at the\n        beginning of");
  expect(inTerminal).toContain(
    "  ! a remark that goes on and on, to the right end\n    of a narrow terminal",
  );
  expect(stripVTControlCharacters(reportText(graded))).toContain(`\n        ${LONG}\n`);
});
