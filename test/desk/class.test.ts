/** A made-up class, whose truth is known, is graded as that truth says. */
import fs from "node:fs";
import path from "node:path";
import type { Exercise } from "@course/lib/checks";
import {
  gradeClass,
  type GradedLearner,
  learnerCode,
  Lessons,
  readClass,
  understood,
} from "@course/lib/desk";
import { exercises } from "@course/lib/exercises";
import { chooseWalls } from "@course/lib/grading/walls";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KINDS_AND_FORMS, type LearnerTruth, makeClass } from "../../scripts/sample-class/sample-class";
import { root } from "../../scripts/setup/paths";
import { LIMITS } from "../grading/notebooks";
import { PROGRAM } from "../helpers/limits";

const all = Object.values(exercises) as Exercise[];
const chosen = [exercises.greeting as Exercise];
/** Those that differ in what runs cost seconds each: the others share the result of the first. */
const kinds = KINDS_AND_FORMS.filter(([kind]) =>
  ["solved", "wrong", "untouched", "crash", "borrowing", "forging"].includes(kind),
);

let out: string;
let truths: LearnerTruth[];
let lessons: Lessons;
let graded: GradedLearner[];
let known: boolean[];
const interrupted: string[] = [];

async function gradeAll(onResult: (one: GradedLearner, known: boolean) => void) {
  const folder = await readClass(path.join(out, "submissions"), lessons.names);
  const options = { folder, lessons, all, work: path.join(out, "work"), release: "0.0.0", limits: LIMITS };
  const walls = await chooseWalls();
  return gradeClass({ ...options, walls, onResult: (one, { wasKnown }) => onResult(one, wasKnown) }).finally(
    folder.close,
  );
}

beforeAll(async () => {
  fs.mkdirSync(path.join(root, ".course"), { recursive: true });
  out = fs.mkdtempSync(path.join(root, ".course", "test-desk-"));
  lessons = new Lessons(path.join(root, "notebooks"), all);
  truths = makeClass(out, kinds.length, { platform: "moodle", exercises: chosen, seed: 3, kinds });
  const stop = new Error("interrupted");
  const half = gradeAll(({ result }) => {
    interrupted.push(result.learner);
    if (interrupted.length === 12) throw stop;
  });
  await expect(half).rejects.toBe(stop);
  known = [];
  ({ graded } = await gradeAll((_one, wasKnown) => known.push(wasKnown)));
}, PROGRAM);

afterAll(() => fs.rmSync(out, { recursive: true }));

test("each learner gets what the truth says, whatever the others handed in", () => {
  const expected = truths.map(({ learner, exercises: { greeting } }) => [learner, greeting.status]);
  const got = graded.map(({ result }) => [result.learner, result.exercises[0].status]);
  expect(Object.fromEntries(got)).toEqual(Object.fromEntries(expected));
  for (const {
    learner,
    exercises: { greeting },
  } of truths.filter((one) => one.exercises.greeting.failedCheck)) {
    const { checks } = graded.find(({ result }) => result.learner === learner)!.result.exercises[0];
    expect(checks.filter(({ passed }) => !passed).map(({ name }) => name)).toContain(greeting.failedCheck);
  }
});

test("a learner whose submission cannot be read gets a sentence that says why", () => {
  const notes = Object.fromEntries(graded.map(({ result }) => [result.learner, result.notes.join("; ")]));
  const noteOf = (form: string) => notes[truths.find((one) => one.form === form)!.learner];
  expect(noteOf("cutOff")).toMatch(/00-welcome.ipynb is not JSON/);
  expect(noteOf("conflict")).toContain("conflict marks");
  expect(noteOf("link")).toContain("00-welcome.ipynb is a link, expected a file");
  expect(noteOf("huge")).toContain("has 5,000 MB, expected at most 64 MB");
  expect(noteOf("nestedZip")).toContain("course.zip is a zip file within all.zip");
  expect(noteOf("zipSlip")).toContain("holds a path that leads out of it");
  expect(noteOf("zipBomb")).toMatch(/unpacks to \d+ times its size/);
  expect(noteOf("zipLink")).toContain("in course.zip is a link");
  expect(noteOf("noZip")).toContain("course.zip is no zip file");
});

test("a second call of gradeClass() goes on where the first was interrupted, and grades nothing again", () => {
  expect(interrupted).toHaveLength(12);
  expect(known.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => true));
});

test("the lesson that was handed in is the one that is graded, and said", async () => {
  const { isolation } = await chooseWalls();
  expect(graded[0].result).toMatchObject({ possible: 1, release: null, isolation });
  const folder = await readClass(path.join(out, "submissions"), lessons.names);
  expect(understood(folder, ["00-welcome"])).toBe(`Moodle: ${truths.length} learners; lesson 00-welcome.`);
});

test("a learner's own code is what differs from the lesson that was handed out", () => {
  const codeOf = (kind: string) => {
    const { learner } = truths.find((one) => one.kind === kind && one.form === "saved")!;
    return learnerCode(graded.find(({ result }) => result.learner === learner)!.folder, lessons);
  };
  expect(codeOf("untouched")).toBe("");
  expect(codeOf("solved")).toMatch(/^\/\/ 00-welcome\n\n.*function greeting/s);
});

test("a path that leads out of the zip file of a whole class costs nobody else anything", async () => {
  const zip = path.join(out, "class.zip");
  const lesson = fs.readFileSync(path.join(root, "notebooks", "00-welcome.ipynb"));
  fs.writeFileSync(
    zip,
    zipSync({ "../../eve.ipynb": lesson, "ann/00-welcome.ipynb": lesson, "bob/00-welcome.ipynb": lesson }),
  );
  const folder = await readClass(zip, lessons.names);
  folder.close();
  expect(folder.submissions.map(({ learner }) => learner)).toEqual(["ann", "bob"]);
  expect(folder.strays).toEqual(["../../eve.ipynb"]);
});

test("a folder without submissions says what was expected", async () => {
  fs.mkdirSync(path.join(out, "none"));
  await expect(readClass(path.join(out, "none"), lessons.names)).rejects.toThrow(
    /nothing to grade in .*expected notebooks/,
  );
  await expect(readClass(path.join(out, "gone"), lessons.names)).rejects.toThrow(/no folder or zip file/);
});
