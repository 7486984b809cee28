/** The workflow for GitHub Actions that comes with a handout: its steps, as far as they can be run here. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { readNotebook, setCellSource, solutionSource, writeNotebook } from "@course/lib/notebook";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { program, remove, script, temporaryFolder } from "../helpers/course";
import { PROGRAM } from "../helpers/limits";
import { install } from "./installed";

interface Workflow {
  on: string[];
  permissions: Record<string, string>;
  jobs: Record<string, { "runs-on": string; steps: { uses?: string; run?: string }[] }>;
}

let folder: string;
let course: string;
let workflow: Workflow;

beforeAll(async () => {
  folder = await temporaryFolder();
  course = path.join(folder, "course");
  const made = script("handout", [course]);
  expect(await made.exitCode(), made.output).toBe(0);
  install(course);
  const file = path.join(course, ".github", "workflows", "grade.yml");
  workflow = parse(fs.readFileSync(file, "utf8"), { strict: true }) as Workflow;
}, PROGRAM);

afterAll(() => remove(folder));

test("the workflow runs on each push, may read and nothing else, and installs before it grades", () => {
  expect(workflow.on).toContain("push");
  expect(workflow.permissions).toEqual({ contents: "read" });
  const { steps } = workflow.jobs.grade;
  expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual(["actions/checkout@v6", "actions/setup-node@v6"]);
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual(["npm ci", expect.stringMatching(/^npm run grade/)]);
});

test(
  "the workflow's last step shows the points and succeeds, though not all is solved",
  { timeout: PROGRAM },
  async () => {
    const lesson = path.join(course, "notebooks", "00-welcome.ipynb");
    const notebook = readNotebook(lesson);
    setCellSource(
      notebook.cells.find(({ id }) => id === "welcome-greeting")!,
      solutionSource("greeting"),
    );
    writeNotebook(lesson, notebook);
    const { code, said, summary } = await lastStep("summary.md");
    expect(code, said).toBe(0);
    expect(summary).toContain("| greeting | ✓ solved | 1 of 1 |");
    expect(summary).toMatch(/^## 1 of \d+ points\n/);
  },
);

test("the workflow's last step fails if it could not grade", { timeout: PROGRAM }, async () => {
  const { code, said } = await lastStep("no/such/folder/summary.md");
  expect(code).not.toBe(0);
  expect(said).toContain("there is no folder");
});

test("the workflow is a file that git would take, in a repository of the learner's own", () => {
  execFileSync("git", ["init", "--quiet"], { cwd: course });
  const ignored = execFileSync("git", ["status", "--porcelain", "--untracked-files=all", ".github"], {
    cwd: course,
    encoding: "utf8",
  });
  expect(ignored).toContain(".github/workflows/grade.yml");
});

/** Runs the last step with the shell that GitHub runs it with. */
async function lastStep(name: string): Promise<{ code: number | null; said: string; summary: string }> {
  const { run } = workflow.jobs.grade.steps.at(-1)!;
  const file = path.join(folder, name);
  const env = { GITHUB_STEP_SUMMARY: file, CI: "true", GITHUB_ACTIONS: "true" };
  const command = program("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", run!], env, course);
  const code = await command.exitCode();
  return { code, said: command.output, summary: fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "" };
}
