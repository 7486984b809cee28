import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exercises } from "@course/lib/exercises";
import { solutionSource } from "@course/lib/notebook";
import { lesson, notebooksFolder, type TestCell, writeCells } from "../grading/notebooks";
import { PROGRAM } from "../helpers/limits";
import { root } from "../../scripts/setup/paths";

let folder: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  folder = notebooksFolder();
  writeCells(folder, "00-welcome", greetingCells(true));
  fs.writeFileSync(path.join(folder, "03-bitnodes-api.ipynb"), "{ this is not JSON");
});

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  fs.rmSync(folder, { recursive: true });
});

function greetingCells(isSolved: boolean): TestCell[] {
  return lesson("00-welcome", isSolved ? { greeting: solutionSource("greeting") } : {});
}

/** `npm run grade -- …`, begun. */
function start(args: string[]): ChildProcess {
  const child = spawn(process.execPath, ["scripts/run.cjs", "grade", "--notebooks", folder, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** `npm run grade -- …`, to its end. */
async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(args);
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output };
}

test(
  "npm run grade without the walls that are required says what to do: exit 2",
  { timeout: PROGRAM },
  async () => {
    const weak = await run("greeting", "--isolation", "process", "--require-isolation");
    expect(weak).toMatchObject({ code: 2, stdout: "" });
    expect(weak.stderr).toMatch(/nothing was graded.*--require-isolation.*For walls, /s);
    const unknown = await run("greeting", "--isolation", "moat");
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("auto, bubblewrap, user, sandbox-exec, process");
  },
);

test(
  "npm run grade of what is solved writes the JSON that is promised: exit 0",
  { timeout: PROGRAM },
  async () => {
    const json = path.join(folder, "result.json");
    const { code, stdout, stderr } = await run("greeting", "--json", json);
    expect(stdout).toContain("✓ greeting");
    expect(stderr).toMatch(/^(Compiling the library …\n)?Learners' code runs .*\.\n/);
    expect(stderr).toContain("Grading one exercise …");
    expect(stderr).not.toContain("solved"); // the results are listed once
    expect(stdout).toContain("All of it is solved.");
    expect(stdout).not.toContain("\u001b");
    expect(code).toBe(0);
    const checks = exercises.greeting.checks.map(({ name }) => ({ name, passed: true, message: "" }));
    const id = "greeting";
    expect(JSON.parse(fs.readFileSync(json, "utf8"))).toEqual({
      points: 1,
      possible: 1,
      exercises: [{ id, notebook: "00-welcome", status: "solved", points: 1, possible: 1, checks }],
    });
  },
);

test(
  "npm run grade names a notebook that is not JSON, and grades the rest: exit 1",
  { timeout: PROGRAM },
  async () => {
    const { code, stdout } = await run("00-welcome", "03");
    expect(stdout).toContain("✓ greeting");
    expect(stdout).toMatch(/\? getNodes +missing +0\/1/);
    expect(stdout).toContain("03-bitnodes-api.ipynb is not JSON");
    expect(stdout).toContain("Next: getBitnodesApiResponse in 03-bitnodes-api");
    expect(code).toBe(1);
  },
);

test.each([
  [["getNods"], /there is no exercise or notebook "getNods": did you mean getNodes\?/],
  [["notebooks/03-bitnode-api.ipynb"], /did you mean 03-bitnodes-api\?/],
  [["qqqqqqqqqq"], /The notebooks are 00-welcome, .* the exercises are greeting, /],
  [["--jsno", "x"], /unknown option '--jsno'/],
  [["--json", "no/such/folder/x.json"], /there is no folder no\/such\/folder/],
  [["--csv", "x.csv"], /--csv needs --submissions DIR/],
  [["--json", "."], /cannot be written to \.: that is a folder/],
  [
    ["--submissions", ".", "--feedback", "package.json"],
    /written to package\.json: that is a file, and a folder/,
  ],
  [["--submissions", ".", "--code", "no/such/folder"], /there is no folder no\/such/],
  [["--submissions", "no/such/folder"], /there is no folder or zip file .*no\/such\/folder with submissions/],
])(
  "npm run grade -- %j, a wrong call, says what there is: exit 2",
  { timeout: PROGRAM },
  async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n +at /);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  },
);

test(
  "npm run grade -- --watch grades again on save, and Ctrl-C ends it: exit 0",
  { timeout: PROGRAM },
  async () => {
    const file = writeCells(folder, "00-welcome", greetingCells(false));
    const child = start(["greeting", "--watch"]);
    const printed = printedBy(child);
    await printed(/○ greeting +untouched[^]*waiting for a notebook to be saved/);

    writeCells(folder, "00-welcome", greetingCells(true));
    await printed(/✓ greeting +solved[^]*waiting/);

    // As editors do that write a new file and put it in the old one's place.
    const other = writeCells(folder, "other", greetingCells(false));
    fs.renameSync(other, file);
    await printed(/○ greeting +untouched[^]*waiting/);

    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
  },
);

/** Waits for text that a process prints, after the text that was waited for before. */
function printedBy(child: ChildProcess): (pattern: RegExp) => Promise<void> {
  let text = "";
  let changed = (): void => {};
  child.stdout?.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    changed();
  });
  return (pattern) =>
    new Promise((resolve) => {
      changed = () => {
        const match = pattern.exec(text);
        if (!match) return;
        text = text.slice(match.index + match[0].length);
        resolve();
      };
      changed();
    });
}
