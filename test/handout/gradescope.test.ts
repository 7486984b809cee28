/** Gradescope's autograder, run as Gradescope runs it: what is handed in lies in a folder, and results are written. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseNotebook, setCellSource, solutionSource } from "@course/lib/notebook";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { program, remove, script, temporaryFolder } from "../helpers/course";
import { PROGRAM } from "../helpers/limits";
import { install } from "./installed";

interface Results {
  score: number;
  output: string;
  stdout_visibility: string;
  tests: { name: string; score: number; max_score: number; status: string; output: string }[];
}

/** What is /autograder at Gradescope's. */
let autograder: string;
const file = (...names: string[]) => path.join(autograder, ...names);

beforeAll(async () => {
  autograder = await temporaryFolder();
  const zip = file("autograder.zip");
  const made = script("handout", [zip, "00-welcome", "--gradescope"]);
  expect(await made.exitCode(), made.output).toBe(0);
  for (const [name, bytes] of Object.entries(unzipSync(fs.readFileSync(zip)))) {
    fs.mkdirSync(path.dirname(file("source", name)), { recursive: true });
    fs.writeFileSync(file("source", name), bytes);
  }
  install(file("source", "course"));
  fs.mkdirSync(file("results"));
  const metadata = { users: [{ name: "Ann O'Neil", email: "ann@example.org" }] };
  fs.writeFileSync(file("submission_metadata.json"), JSON.stringify(metadata));
}, PROGRAM);

afterAll(() => remove(autograder));

beforeEach(() => {
  fs.rmSync(file("submission"), { recursive: true, force: true });
  fs.mkdirSync(file("submission"));
  fs.writeFileSync(file("results", "results.json"), "those of the learner before");
});

/** Hands in the lesson of the handout, with this answer. */
function handIn(answer?: string): void {
  const lesson = file("source", "course", "notebooks", "00-welcome.ipynb");
  const notebook = parseNotebook(fs.readFileSync(lesson, "utf8"), "00-welcome.ipynb");
  const cell = notebook.cells.find(({ id }) => id === "welcome-greeting")!;
  if (answer !== undefined) setCellSource(cell, answer);
  fs.writeFileSync(file("submission", "my welcome.ipynb"), JSON.stringify(notebook.raw));
}

async function run(env: NodeJS.ProcessEnv = {}): Promise<Results> {
  const command = program("bash", [file("source", "run_autograder")], { AUTOGRADER: autograder, ...env });
  expect(await command.exitCode(), command.output).toBe(0);
  return JSON.parse(fs.readFileSync(file("results", "results.json"), "utf8")) as Results;
}

describe("an autograder for Gradescope", { timeout: PROGRAM }, () => {
  test("an autograder for Gradescope gives a right answer its points", async () => {
    handIn(solutionSource("greeting"));
    const results = await run();
    expect(results).toMatchObject({ score: 1, stdout_visibility: "hidden" });
    expect(results.tests).toMatchObject([
      { name: "greeting (00-welcome)", score: 1, max_score: 1, status: "passed" },
    ]);
  });

  test("an autograder for Gradescope gives a wrong answer no points, and says what was expected", async () => {
    handIn('function greeting(userAgent: string): string {\n  return "Hello";\n}');
    const { score, tests } = await run();
    expect({ score, status: tests[0].status }).toEqual({ score: 0, status: "failed" });
    expect(tests[0].output).toContain('expected "Hello, Satoshi:0.16.3!", got "Hello"');
  });

  test("an autograder for Gradescope says of an untouched lesson that it is not begun", async () => {
    handIn();
    const { score, tests } = await run();
    expect({ score, output: tests[0].output }).toEqual({ score: 0, output: "○ not begun" });
  });

  test("an autograder for Gradescope says of what cannot be read why, and lists what it would have been worth", async () => {
    fs.writeFileSync(file("submission", "00-welcome.ipynb"), '{"cells": [');
    fs.symlinkSync("/etc/passwd", file("submission", "other.ipynb"));
    const { score, output, tests } = await run();
    expect(score).toBe(0);
    expect(output).toMatch(/other\.ipynb is a link/);
    expect(output).toMatch(/00-welcome\.ipynb is not JSON/);
    expect(tests).toMatchObject([{ score: 0, max_score: 1, status: "failed" }]);
  });

  test("an autograder for Gradescope writes results if grading takes too long, and if it cannot begin", async () => {
    handIn(solutionSource("greeting"));
    const late = await run({ AUTOGRADER_SECONDS: "1" });
    expect(late).toMatchObject({
      score: 0,
      tests: [],
      extra_data: { problem: expect.stringContaining("ETIMEDOUT") as string },
    });
    expect(late.output).toContain("says nothing about your work");
    // A machine on which setup.sh has not run: the programs of the shell, and no Node.js.
    const bin = file("bin");
    fs.mkdirSync(bin);
    for (const name of ["bash", "rm", "timeout", "mkdir", "cat"])
      fs.symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), path.join(bin, name));
    const none = await run({ PATH: bin });
    expect(none).toMatchObject({ score: 0, stdout_visibility: "hidden", tests: [] });
    expect(none.output).toContain("the autograder did not start");
  });
});

test("an autograder's scripts can be read by bash", () => {
  for (const name of ["setup.sh", "run_autograder"]) execFileSync("bash", ["-n", file("source", name)]);
});
