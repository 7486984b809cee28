/**
 * Grades what one learner handed in to Gradescope, and writes the results where Gradescope reads them.
 *
 * Usage: node scripts/run.cjs gradescope/run [LESSON …]; AUTOGRADER names the folder, if it is not /autograder.
 *
 * Whatever happens, it writes results: Gradescope shows learners a failed autograder as their own failure. The
 * grading runs in a process of its own, which may crash, or be ended for taking too long.
 */
import { gradescopeFailure, gradescopeResults, type LearnerResult } from "@course/lib/desk";
import { lessonsOf } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { replaceFile } from "@course/lib/util";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../setup/paths";

const autograder = process.env.AUTOGRADER ?? "/autograder";
/** Gradescope ends an autograder after ten minutes unless it is told otherwise. */
const limitSeconds = Number(process.env.AUTOGRADER_SECONDS ?? 540);

const before = performance.now();
const seconds = (): number => (performance.now() - before) / 1000;
const lessons = process.argv.slice(2);
const results = path.join(autograder, "results", "results.json");

/** Grades the submission. Throws an Error if there is no result. */
function gradeSubmission(): LearnerResult {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "course-gradescope-"));
  const [json, log] = ["grades.json", "log"].map((name) => path.join(folder, name));
  const submission = path.join(autograder, "submission");
  const flags = [
    "--submissions",
    submission,
    "--learner",
    learnerName(),
    "--json",
    json,
    "--again",
    "--require-isolation",
  ];
  try {
    // A file: a pipe stays open as long as a process that a learner has left behind holds it.
    const output = fs.openSync(log, "w");
    const { error } = spawnSync(
      process.execPath,
      [path.join(root, "scripts", "run.cjs"), "grade", ...chosen(), ...flags],
      { cwd: root, stdio: ["ignore", output, output], timeout: 1000 * limitSeconds },
    );
    fs.closeSync(output);
    const said = fs.readFileSync(log, "utf8").slice(-2000);
    console.log(said); // only the instructor sees it
    if (error) throw error;
    if (!fs.existsSync(json)) throw new Error(`the grader wrote no results, but: ${said}`);
    const [result] = JSON.parse(fs.readFileSync(json, "utf8")) as LearnerResult[];
    return result;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns what to grade: the lessons that were named, or all, so that every learner can have the same points. */
function chosen(): string[] {
  if (lessons.length > 0) return lessons;
  return lessonsOf(Object.values(exercises));
}

/** Returns who handed in, as Gradescope says; it is only shown. */
function learnerName(): string {
  try {
    const text = fs.readFileSync(path.join(autograder, "submission_metadata.json"), "utf8");
    const { users } = JSON.parse(text) as { users?: { name?: unknown }[] };
    return String(users?.[0].name ?? "learner");
  } catch {
    return "learner";
  }
}

let written: ReturnType<typeof gradescopeFailure>;
try {
  written = gradescopeResults(gradeSubmission(), seconds());
} catch (error) {
  console.error(error);
  written = gradescopeFailure(String((error as Error).message), seconds());
}
fs.mkdirSync(path.dirname(results), { recursive: true });
replaceFile(results, JSON.stringify(written, null, 2) + "\n");
