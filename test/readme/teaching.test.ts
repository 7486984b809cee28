/** Every command of docs/teaching.md, run in a copy of the project, in the order of the page. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readNotebook } from "@course/lib/notebook";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { install } from "../handout/installed";
import { commandLine, remove } from "../helpers/course";
import { PROGRAM } from "../helpers/limits";
import { blocksOf, commandsOf } from "./commands-of";
import { freshCopy } from "./fresh-copy";

const page = readFileSync(path.join(root, "docs", "teaching.md"), "utf8");
const WELCOME = "notebooks/00-welcome.ipynb";

let copy: string;
const read = (name: string) => readFileSync(path.join(copy, name), "utf8");
const zipped = (name: string, inner: string) =>
  Buffer.from(unzipSync(readFileSync(path.join(copy, name)))[inner]).toString("utf8");

beforeAll(async () => {
  copy = await freshCopy();
  install(copy);
}, PROGRAM);

afterAll(() => remove(copy), PROGRAM);

/** Runs a command to its end, which must be a good one, and returns what it said. */
async function run(line: string): Promise<string> {
  const command = commandLine(line, copy);
  expect(await command.exitCode(), command.output).toBe(0);
  return command.output;
}

function expectLessonsAsTheyWere(): void {
  const [ours, theirs] = [root, copy].map((folder) => readNotebook(path.join(folder, WELCOME)).cells);
  expect(theirs).toEqual(ours);
}

/** What each command of the page has to do. */
const COMMANDS: Record<string, (command: string) => Promise<void>> = {
  "npm run handout -- course.zip": async (command) => {
    expect(await run(command)).toMatch(/\d+ files of release \S+ in course\.zip/);
    expect(zipped("course.zip", "course/notebooks/00-welcome.ipynb")).toContain("hint(");
  },
  "npm run handout -- exam.zip --no-hints": async (command) => {
    await run(command);
    expect(zipped("exam.zip", "exam/notebooks/00-welcome.ipynb")).not.toContain('hint(\\"');
  },
  "npm run handout -- graded.zip --hidden-checks": async (command) => {
    await run(command);
    expect(zipped("graded.zip", "graded/release.json")).toContain('"hiddenChecks": true');
  },
  "npm run handout -- german.zip --language de": async (command) => {
    await run(command);
    expect(zipped("german.zip", "german/notebooks/00-welcome.ipynb")).toContain("# Willkommen");
  },
  "npm run practice": async (command) => {
    const practice = commandLine(command, copy);
    const [api] = await practice.says(/http:\/\/127\.0\.0\.1:\d+\/api\/v1\//);
    expect((await fetch(api)).status).toBe(200);
    await practice.interrupt();
  },
  "npm run solutions -- in": async (command) => {
    await run(command);
    expect(read(WELCOME)).toContain("return `Hello, ");
  },
  "npm run solutions -- out": async (command) => {
    await run(command);
    expectLessonsAsTheyWere();
  },
  "npm run solutions -- in nodesToAddressTuples 04-calling-all-nodes": async (command) => {
    await run(command);
    expect(read("notebooks/04-calling-all-nodes.ipynb")).toContain('"mine"');
    expect(read("notebooks/03-bitnodes-api.ipynb").match(/"mine"/g)).toHaveLength(1);
    await run("npm run solutions -- out");
  },
  "npm run sample-class -- sample 3 00-welcome": async (command) => {
    await run(command);
    expect(existsSync(path.join(copy, "sample/truth.json"))).toBe(true);
  },
  "npm run grade -- 00-welcome --submissions sample/submissions --hidden 2026": async (command) => {
    expect(await run(command)).toContain("Canvas: 3 learners");
  },
  "npm run grade -- --submissions sample/submissions --gradebook sample/gradebook.csv --feedback sample/feedback":
    async (command) => {
      const said = await run(command);
      expect(said).toContain("Canvas: 3 learners; lesson 00-welcome.");
      expect(said).toContain("Failed by the largest share of those who tried");
      expect(said).toContain("3 rows filled in");
      expect(readdirSync(path.join(copy, "sample/feedback"))).toHaveLength(3);
    },
  "npm run grade -- 00-welcome --submissions sample/submissions": async (command) => {
    expect(await run(command)).toMatch(/sumzero +█+ 1\/1/);
  },
  "npm run grade -- --submissions sample/submissions --csv sample/grades.csv --json sample/grades.json --code sample/code --partial":
    async (command) => {
      await run(command);
      expect(read("sample/grades.csv")).toMatch(/learner,email,source,total,possible,greeting,notes/);
      expect(JSON.parse(read("sample/grades.json"))).toHaveLength(3);
      expect(readdirSync(path.join(copy, "sample/code"))).toHaveLength(3);
    },
  "npm run grade -- --json grades.json": async (command) => {
    const grading = commandLine(command, copy);
    expect(await grading.exitCode(), grading.output).toBe(1); // not all is solved
    expect(JSON.parse(read("grades.json"))).toMatchObject({ points: 0 });
  },
  // Takes in the handout that was made above: nothing of it is new but what a handout adds.
  "npm run update -- FROM": async (command) => {
    expect(await run(command.replace("FROM", "course.zip"))).toMatch(/This is release \S+ now/);
    expectLessonsAsTheyWere();
  },
  "npm run handout -- autograder.zip 00-welcome --gradescope": async (command) => {
    await run(command);
    expect(zipped("autograder.zip", "run_autograder")).toContain("gradescope/run 00-welcome\n");
  },
  "npm run grade -- --summary summary.md": async (command) => {
    const grading = commandLine(command.replace(" -- ", " -- greeting "), copy);
    expect(await grading.exitCode(), grading.output).toBe(1);
    expect(read("summary.md")).toContain("| greeting | ○ not begun | 0 of 1 |");
  },
  "npm run handout -- crawling 00-welcome --nbgrader": async (command) => {
    await run(command);
    expect(existsSync(path.join(copy, "crawling/source/00-welcome/00-welcome.ipynb"))).toBe(true);
    expect(existsSync(path.join(copy, "crawling/course/requirements-nbgrader.txt"))).toBe(true);
  },
};

const NBGRADER = "test/handout/nbgrader.test.ts";

/** Commands that other tests run, as they take long: where, and how they stand there. */
const ELSEWHERE: Record<string, [file: string, text: string]> = {
  "cd crawling/course && npm ci && cd ..": ["test/readme/readme.test.ts", "npm ci --prefer-offline"],
  "pip install -r course/requirements-nbgrader.txt": [
    "scripts/setup/extra-venv.ts",
    '"-r", packagesOf(extra)',
  ],
  "nbgrader generate_assignment 00-welcome": [NBGRADER, 'nbgrader("generate_assignment", LESSON)'],
  "nbgrader autograde 00-welcome": [NBGRADER, 'nbgrader("autograde", LESSON'],
  "nbgrader generate_feedback 00-welcome": [NBGRADER, 'nbgrader("generate_feedback", LESSON'],
};

test("every command of docs/teaching.md is run, here or by the test of nbgrader, and no other", () => {
  expect(Object.keys(COMMANDS).sort()).toEqual(commandsOf(page).sort());
  expect(Object.keys(ELSEWHERE).sort()).toEqual(blocksOf(page, "console").sort());
  for (const [file, text] of Object.values(ELSEWHERE))
    expect(readFileSync(path.join(root, file), "utf8")).toContain(text);
});

test("every flag in docs/teaching.md is one of npm run grade's, handout's or sample-class's", () => {
  const sources = ["grade", "handout", "sample-class"].map((name) =>
    readFileSync(path.join(root, "scripts", `${name}.ts`), "utf8"),
  );
  const flags = new Set(page.match(/--[a-z]+(-[a-z]+)*/g));
  expect([...flags].filter((flag) => !sources.some((text) => text.includes(flag)))).toEqual([]);
});

for (const [command, tryOut] of Object.entries(COMMANDS)) {
  test(`for instructors: ${command}`, () => tryOut(command), 2 * PROGRAM);
}
