import { expect, test } from "vitest";
import { gradescopeFailure, gradescopeResults, type LearnerResult } from "@course/lib/desk";

const RESULT: LearnerResult = {
  learner: "Ann",
  source: "submission",
  release: "1.2.3",
  isolation: "process",
  points: 1.5,
  possible: 4,
  exercises: [
    {
      id: "greeting",
      notebook: "00-welcome",
      status: "solved",
      points: 1,
      possible: 1,
      checks: [{ name: "It greets", passed: true, message: "" }],
    },
    {
      id: "getNodes",
      notebook: "03-bitnodes-api",
      status: "failed",
      points: 0.5,
      possible: 3,
      checks: [
        { name: "It asks", passed: true, message: "" },
        { name: "It waits", passed: false, message: "expected 1, got `2`" },
      ],
    },
  ],
  notes: ["handed in late"],
  evidence: ["what only the instructor reads"],
};

test("gradescopeResults() has a test for each exercise, whose scores are those of the result", () => {
  const { tests, ...others } = gradescopeResults(RESULT, 12.4);
  expect(others).toEqual({
    score: 1.5,
    execution_time: 12,
    output: "1.5 of 4 points.\n- handed in late",
    output_format: "md",
    visibility: "visible",
    stdout_visibility: "hidden",
    extra_data: { possible: 4, release: "1.2.3", isolation: "process" },
  });
  expect(tests).toEqual([
    {
      name: "greeting (00-welcome)",
      number: "1",
      score: 1,
      max_score: 1,
      status: "passed",
      output: "✓ solved",
      output_format: "md",
      visibility: "visible",
      extra_data: { status: "solved" },
    },
    {
      name: "getNodes (03-bitnodes-api)",
      number: "2",
      score: 0.5,
      max_score: 3,
      status: "failed",
      output: "✗ not yet\n\n✗ It waits\n\n```text\nexpected 1, got `2`\n```",
      output_format: "md",
      visibility: "visible",
      extra_data: { status: "failed" },
    },
  ]);
});

test("gradescopeFailure() earns nothing, blames nobody, and keeps the reason for the instructor", () => {
  const { score, output, tests, extra_data } = gradescopeFailure("spawn node ENOENT", 1);
  expect({ score, tests, extra_data }).toEqual({
    score: 0,
    tests: [],
    extra_data: { problem: "spawn node ENOENT" },
  });
  expect(output).toContain("says nothing about your work");
});
