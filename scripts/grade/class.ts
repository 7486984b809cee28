/** `npm run grade -- --submissions DIR`: grades what a class handed in, and writes what was asked for. */
import { type Exercise, lessonsOf } from "@course/lib/checks";
import {
  classCsv,
  type ClassFolder,
  type ClassProgress,
  classText,
  feedbackNames,
  feedbackPage,
  fillGradebook,
  gradeClass,
  type GradedLearner,
  learnerCode,
  Lessons,
  readClass,
  readLearner,
  scoreLine,
  type Submission,
  understood,
} from "@course/lib/desk";
import { exercises } from "@course/lib/exercises";
import type { MoreChecks } from "@course/lib/grading";
import type { Walls } from "@course/lib/grading/walls";
import { backUp, replaceFile, UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";
import { duration } from "../cli/format";
import { canSpin, startSpinner } from "../cli/spinner";
import { courseRelease } from "../handout/release";
import { courseFolder, root } from "../setup/paths";
import { writable, requireWritableFolder } from "./writable";

export interface ClassFlags {
  json?: string;
  csv?: string;
  gradebook?: string;
  feedback?: string;
  code?: string;
  partial?: boolean;
  only?: string[];
  learner?: string;
  again?: boolean;
  verbose?: boolean;
  busy?: number;
}

/** Grades the class in `given` behind `walls`. Without `chosen` it grades the lessons that somebody handed in. */
export async function gradeSubmissions(
  given: string,
  chosen: Exercise[] | undefined,
  flags: ClassFlags,
  walls: Walls,
  more: MoreChecks,
): Promise<void> {
  const all = Object.values(exercises) as Exercise[];
  const lessons = new Lessons(path.join(root, "notebooks"), all);
  const write = prepareFiles(flags, lessons);
  const from = path.resolve(given);
  const folder =
    flags.learner === undefined
      ? await readClass(from, lessons.names)
      : await readLearner(from, flags.learner);
  const wanted = wantedOf(folder, flags.only);
  const progress = showProgress(wanted.length);
  const { graded, close } = await gradeClass({
    folder,
    lessons,
    exercises: chosen,
    all,
    work: path.join(courseFolder, "desk"),
    partial: flags.partial,
    release: courseRelease(),
    again: flags.again,
    isWanted: (submission) => wanted.includes(submission),
    limits: flags.busy ? { busyMs: flags.busy, cellMs: flags.busy } : {},
    walls,
    more,
    onStart: (some) => progress.say(understood(folder, lessonsOf(some))),
    onResult: progress.step,
  }).finally(() => {
    progress.end();
    folder.close();
  });
  console.log(
    classText(
      graded.map(({ result }) => result),
      flags.verbose,
    ),
  );
  write(graded);
  close();
}

/** Checks that all files can be written, and returns what writes them. */
function prepareFiles(flags: ClassFlags, lessons: Lessons): (graded: GradedLearner[]) => void {
  const [json, csv] = [flags.json && writable(flags.json), flags.csv && writable(flags.csv)];
  const { gradebook } = flags;
  if (gradebook !== undefined) {
    if (!fs.existsSync(gradebook)) throw new UsageError(`there is no gradebook ${gradebook}`);
    writable(gradebook);
  }
  for (const folder of [flags.feedback, flags.code]) if (folder !== undefined) requireWritableFolder(folder);
  return (graded) => {
    const results = graded.map(({ result }) => result);
    if (json) replaceFile(json, JSON.stringify(results, null, 2) + "\n");
    if (csv) replaceFile(csv, classCsv(graded));
    if (flags.feedback) writeEach(flags.feedback, graded, "html", ({ result }) => feedbackPage(result));
    if (flags.code) writeEach(flags.code, graded, "ts", (one) => learnerCode(one.folder, lessons));
    if (gradebook) fill(gradebook, graded);
  };
}

function writeEach(
  folder: string,
  graded: GradedLearner[],
  extension: string,
  text: (one: GradedLearner) => string,
): void {
  fs.mkdirSync(folder, { recursive: true });
  const names = feedbackNames(graded);
  for (const [i, one] of graded.entries())
    replaceFile(path.join(folder, `${names[i]}.${extension}`), text(one));
  console.log(`${graded.length} files written to ${folder}`);
}

function fill(gradebook: string, graded: GradedLearner[]): void {
  const bytes = fs.readFileSync(gradebook);
  let filled: ReturnType<typeof fillGradebook>;
  try {
    filled = fillGradebook(bytes, graded);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${gradebook} was not filled in: ${error.message}`);
  }
  const copy = backUp(gradebook, bytes, path.join(courseFolder, "backups", path.basename(gradebook)));
  replaceFile(gradebook, filled.bytes);
  console.log(
    `${filled.filled} rows filled in in ${gradebook}; as it was: ${path.relative(process.cwd(), copy)}`,
  );
  for (const warning of filled.warnings) console.log(`! ${warning}`);
  if (filled.notFound.length > 0) console.log(`! in no row of the gradebook: ${filled.notFound.join(", ")}`);
}

/** Returns the submissions to grade: all, or those of the learners who are named. */
function wantedOf(folder: ClassFolder, only: string[] | undefined): Submission[] {
  try {
    if (only === undefined) return folder.submissions;
    const submissions = only.flatMap((name) => named(name, folder.submissions));
    return [...new Set(submissions)];
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** Returns the submissions of who is called `given`, or of the only one whose name has it in it. */
function named(given: string, submissions: Submission[]): Submission[] {
  const name = given.toLowerCase();
  const exact = submissions.filter((one) => namesOf(one).includes(name));
  if (exact.length > 0) return exact;
  const near = submissions.filter((one) => namesOf(one).some((known) => known.includes(name)));
  if (near.length === 1) return near;
  const known = (near.length > 0 ? near : submissions).map(({ learner }) => learner);
  const which = near.length > 0 ? "could be" : "is the name of nobody here: there are";
  const list = known.slice(0, 20).join(", ") + (known.length > 20 ? ", …" : "");
  throw new UsageError(`--only ${JSON.stringify(given)} ${which} ${list}`);
}

function namesOf({ learner, ids, name }: Submission): string[] {
  const all = [learner, name, ...(Object.values(ids) as (string | undefined)[])];
  return all.flatMap((one) => (one ? [one.toLowerCase()] : []));
}

interface Progress {
  say(line: string): void;
  step(graded: GradedLearner, progress: ClassProgress): void;
  end(): void;
}

/** Shows a spinner with the time left on a terminal; elsewhere prints a line per learner. */
function showProgress(count: number): Progress {
  const title = `Grading ${count === 1 ? "one learner" : `${count} learners`}`;
  const left = ({ leftMs }: ClassProgress): string =>
    leftMs === undefined ? "" : `, ${duration(leftMs)} left`;
  if (!canSpin()) {
    console.error(`${title} …`);
    return {
      say: (line) => console.log(line),
      step: ({ result }, now) => console.error(`[${now.done}/${now.all}${left(now)}] ${scoreLine(result)}`),
      end: () => {},
    };
  }
  const spinner = startSpinner(`${title} …`);
  return {
    say(line) {
      spinner.clear();
      console.log(line);
    },
    step: ({ result }, now) =>
      spinner.update({
        text: `${title} … ${now.done} done${left(now)}, ${result.learner} the last`.slice(
          0,
          (process.stderr.columns ?? 80) - 4,
        ),
      }),
    end: () => spinner.clear().stop(),
  };
}
