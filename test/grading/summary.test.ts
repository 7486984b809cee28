import { expect, test } from "vitest";
import { stubMessage } from "@course/lib/checks";
import { type ExerciseResult, summaryMarkdown, sumUp } from "@course/lib/grading";

function result(id: string, changes: Partial<ExerciseResult> = {}): ExerciseResult {
  return { id, notebook: "00-welcome", status: "solved", points: 1, possible: 1, checks: [], ...changes };
}

test("summaryMarkdown() has the points, a table for each lesson, and what failed checks say", () => {
  const failed = { name: "A slash stays", passed: false, message: "expected 1, got 2" };
  const passed = { name: "It compiles", passed: true, message: "" };
  const notBegun = { ...failed, message: stubMessage("getNodes") };
  const results = [
    result("greeting"),
    result("mapPool", { notebook: "06", status: "failed", points: 0, checks: [passed, failed] }),
    result("getNodes", { notebook: "06", status: "untouched", points: 0, checks: [notBegun] }),
  ];
  expect(summaryMarkdown(sumUp(results))).toBe(
    [
      "## 1 of 3 points",
      "### 00-welcome: 1 of 1",
      "| exercise | | points |\n| --- | --- | --- |\n| greeting | ✓ solved | 1 of 1 |",
      "### 06: 0 of 2",
      "| exercise | | points |\n| --- | --- | --- |\n| mapPool | ✗ not yet | 0 of 1 |\n| getNodes | ○ not begun | 0 of 1 |",
      "**mapPool**",
      "✗ A slash stays",
      "```text\nexpected 1, got 2\n```",
      "",
    ].join("\n\n"),
  );
});

test("summaryMarkdown() shows a learner's text as text, however it tries to be markup", () => {
  const message = "got\n```\n# You have 100 points\n<img src=x>";
  const checks = [{ name: "a | b <b>bold</b> [x](y)", passed: false, message }];
  const text = summaryMarkdown(sumUp([result("greeting", { status: "failed", points: 0, checks })]));
  expect(text).toContain("✗ a \\| b \\<b\\>bold\\</b\\> \\[x\\](y)");
  expect(text).toContain("````text\ngot\n```\n# You have 100 points\n<img src=x>\n````");
});

test("summaryMarkdown() stays below what GitHub takes, whatever was printed", () => {
  const checks = Array.from({ length: 30 }, () => ({
    name: "x",
    passed: false,
    message: "word\n".repeat(10_000),
  }));
  const results = Array.from({ length: 60 }, (_, i) => result(`e${i}`, { status: "failed", checks }));
  const text = summaryMarkdown(sumUp(results));
  expect(text.length).toBeLessThan(1_000_000);
  expect(text).toContain("and 25 more checks.");
});
