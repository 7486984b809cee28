/** The real nbgrader, with the course folder that we make for it: what it says of each learner is true. */
import fs from "node:fs";
import path from "node:path";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nbgraderPython } from "../../scripts/setup/nbgrader";
import { root, venv } from "../../scripts/setup/paths";
import { program, script } from "../helpers/course";
import { PROGRAM } from "../helpers/limits";
import { install } from "./installed";
import { answer, cellOf, greeting, LEARNERS, LESSON, type Notebook, SOLVED } from "./nbgrader-learners";

let folder: string;
let network: PracticeNetwork;

/** Runs nbgrader in its course folder. */
async function nbgrader(...args: string[]): Promise<{ code: number | null; said: string }> {
  const bin = path.dirname(nbgraderPython);
  const env = {
    PATH: `${bin}${path.delimiter}${process.env.PATH}`,
    // The templates of pages: nbgrader's environment stands on that of JupyterLab.
    JUPYTER_PATH: path.join(venv, "share", "jupyter"),
    JUPYTER_CONFIG_DIR: path.join(folder, "jupyter"),
    BITNODES_URL: network.api,
  };
  const command = program(nbgraderPython, ["-m", "nbgrader", ...args], env, folder);
  return { code: await command.exitCode(), said: command.output };
}

function handIn(learner: string, write: (notebook: Notebook) => void): void {
  const released = fs.readFileSync(path.join(folder, "release", LESSON, `${LESSON}.ipynb`), "utf8");
  const notebook = JSON.parse(released) as Notebook;
  write(notebook);
  fs.mkdirSync(path.join(folder, "submitted", learner, LESSON), { recursive: true });
  fs.writeFileSync(submitted(learner), JSON.stringify(notebook));
}

const submitted = (learner: string) => path.join(folder, "submitted", learner, LESSON, `${LESSON}.ipynb`);

/** Returns the scores in nbgrader's gradebook, by learner. */
async function gradebook(): Promise<Record<string, number | null>> {
  const code = `
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as gradebook:
    scores = {one.student.id: [grade.auto_score for notebook in one.notebooks for grade in notebook.grades]
              for one in gradebook.assignment_submissions("${LESSON}")}
print("scores", json.dumps(scores))`;
  const bin = `${path.dirname(nbgraderPython)}${path.delimiter}${process.env.PATH}`;
  const command = program(nbgraderPython, ["-c", code], { PATH: bin }, folder);
  expect(await command.exitCode(), command.output).toBe(0);
  const scores = JSON.parse(/scores (.*)/.exec(command.output)![1]) as Record<string, (number | null)[]>;
  return Object.fromEntries(Object.entries(scores).map(([learner, [score]]) => [learner, score]));
}

beforeAll(async () => {
  fs.mkdirSync(path.join(root, ".course"), { recursive: true });
  folder = fs.mkdtempSync(path.join(root, ".course", "test-nbgrader-"));
  network = await servePracticeNetwork({ peers: 20, latency: 0 });
  const made = script("handout", [folder, LESSON, "--nbgrader"]);
  expect(await made.exitCode(), made.output).toBe(0);
  install(path.join(folder, "course"));
  const generated = await nbgrader("generate_assignment", LESSON);
  expect(generated.code, generated.said).toBe(0);
  for (const [learner, [, write]] of Object.entries(LEARNERS)) handIn(learner, write);
}, PROGRAM);

afterAll(async () => {
  await network?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

test("nbgrader releases our stub, and knows its cells", () => {
  const text = fs.readFileSync(path.join(folder, "release", LESSON, `${LESSON}.ipynb`), "utf8");
  const released = JSON.parse(text) as Notebook;
  const [exercise, check] = ["exercise", "check"].map((role) => cellOf(released, role));
  expect([exercise.source].flat().join("")).toContain("greeting is not written yet");
  expect(exercise.metadata.nbgrader).toMatchObject({ grade_id: "greeting-answer", solution: true });
  expect(check.metadata.nbgrader).toMatchObject({ grade_id: "greeting", grade: true, points: 1 });
});

test("nbgrader autograde gives each learner what the work is worth", { timeout: 2 * PROGRAM }, async () => {
  const { code, said } = await nbgrader("autograde", LESSON, "--GradeWithCourse.partial=True");
  expect(code, said).toBe(0);
  expect(await gradebook()).toEqual(
    Object.fromEntries(Object.entries(LEARNERS).map(([learner, [score]]) => [learner, score])),
  );
});

test("nbgrader's feedback says what was expected and what came", { timeout: PROGRAM }, async () => {
  const { code, said } = await nbgrader("generate_feedback", LESSON, "--student=wrong");
  expect(code, said).toBe(0);
  const page = fs.readFileSync(path.join(folder, "feedback", "wrong", LESSON, `${LESSON}.html`), "utf8");
  expect(page).toContain('expected "Hello, Satoshi:0.16.3!", got "Hello"');
});

test(
  "if the grader cannot run, nbgrader names the learner and has no score",
  { timeout: PROGRAM },
  async () => {
    handIn("unlucky", answer(SOLVED));
    const nowhere = `--GradeWithCourse.course=${path.join(folder, "release")}`;
    const { code, said } = await nbgrader("autograde", LESSON, "--student=unlucky", nowhere);
    expect(code, said).not.toBe(0);
    expect(said).toMatch(/the course's grader wrote no results/);
    expect(said).toMatch(/error processing assignment '00-welcome' for student 'unlucky'/);
    expect(await gradebook()).toMatchObject({ unlucky: null });
  },
);

test("nbgrader validate says whether the checks pass", { timeout: PROGRAM }, async () => {
  const validate = async (source: string): Promise<string> => {
    handIn("validating", (notebook) => {
      answer(source)(notebook);
      // A cell that runs until it is interrupted: nbgrader would wait for half a minute.
      notebook.cells = notebook.cells.filter(({ id }) => id !== "welcome-stop");
    });
    return (await nbgrader("validate", submitted("validating"))).said;
  };
  expect(await validate(SOLVED)).toContain("Success! Your notebook passes all the tests.");
  const wrong = await validate(greeting('return "Hello";'));
  expect(wrong).toContain("VALIDATION FAILED ON 1 CELL(S)!");
  expect(wrong).toContain('expected "Hello, Satoshi:0.16.3!", got "Hello"');
});
