/**
 * `npm run grade`: grades the saved notebooks.
 *
 * Exit codes: 0 if all graded exercises are solved, 1 if not, 2 for a wrong call, or if there are no walls of
 * the kind that was asked for.
 */
import type { Exercise } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import {
  endAll,
  type ExerciseResult,
  grade,
  type Graded,
  type MoreChecks,
  prepareToCompile,
  reportText,
  select,
  summaryMarkdown,
  sumUp,
  watchNotebooks,
} from "@course/lib/grading";
import { chooseWalls, type Isolation, type Walls } from "@course/lib/grading/walls";
import { replaceFile, UsageError } from "@course/lib/util";
import { InvalidArgumentError, Option } from "commander";
import { commandNamed } from "./cli/command";
import fs from "node:fs";
import path from "node:path";
import { canSpin, startSpinner } from "./cli/spinner";
import { type ClassFlags, gradeSubmissions } from "./grade/class";
import { type MoreCheckFlags, moreChecks } from "./grade/more-checks";
import { announced, KINDS } from "./grade/walls";
import { writable } from "./grade/writable";
import { LEARNERS_NOTEBOOKS, SOLUTIONS } from "./notebooks/files";

interface Options extends ClassFlags, MoreCheckFlags {
  submissions?: string;
  solutions?: boolean;
  watch?: boolean;
  notebooks?: string;
  isolation: "auto" | Isolation;
  requireIsolation?: boolean;
  summary?: string;
}

const WRONG_CALL = 2;
const STOPPED = "Stopped. What is graded is kept: the same command goes on from there.";
const CLASS_FLAGS = ["csv", "gradebook", "feedback", "code", "partial", "only", "learner", "again"] as const;

const program = commandNamed("npm run grade --")
  .description("Grades the saved notebooks, as the kernel would run them.")
  .argument("[id or notebook ...]", "exercises or notebooks to grade (default: all)")
  .option("--solutions", "grade the notebooks in solutions/ instead of those in notebooks/")
  .option("--json <file>", "also write the results to a file")
  .option("--summary <file>", "also add a summary in Markdown to a file, as for a job of GitHub Actions")
  .option("--watch", "grade again whenever a notebook is saved")
  .option("--verbose", "show every check, and what the exercises printed")
  .option(
    "--submissions <dir>",
    "grade what a class handed in: a folder or zip file, as a learning platform gives it",
  )
  .option("--csv <file>", "with --submissions: also write a table for spreadsheets")
  .option(
    "--gradebook <file>",
    "with --submissions: fill in a gradebook exported from Canvas or Moodle, in place",
  )
  .option("--feedback <dir>", "with --submissions: write a page for each learner")
  .option(
    "--code <dir>",
    "with --submissions: write each learner's own code as one module, for JPlag or MOSS",
  )
  .option(
    "--partial",
    "with --submissions: an exercise that is not solved earns the share of its checks that passed",
  )
  .option(
    "--only <learner>",
    "with --submissions: grade this learner alone; given again, these learners",
    (name: string, before: string[] = []) => [...before, name],
  )
  .option("--learner <name>", "with --submissions: all of the folder is what this one learner handed in")
  .option("--again", "with --submissions: grade everything again, also what has not changed")
  .addOption(
    new Option("--isolation <kind>", "the walls around learners' code").choices(KINDS).default("auto"),
  )
  .addOption(
    new Option("--hidden <seed>", "also make hidden calls, with input that a number determines").argParser(
      wholeNumber,
    ),
  )
  .option("--checks <dir>", "also run checks of your own: DIR/greeting.cjs is for the exercise greeting")
  .option("--require-isolation", "grade nothing if there are no walls but a process")
  .addOption(new Option("--notebooks <folder>", "grade the notebooks in this folder").hideHelp())
  .addOption(
    new Option("--busy <ms>", "how long code may keep its process busy").argParser(milliseconds).hideHelp(),
  )
  .action(main);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    endAll();
    if (program.opts<Options>().submissions !== undefined) console.error(`\n${STOPPED}`);
    process.exit(program.opts<Options>().watch && signal === "SIGINT" ? 0 : 130);
  });
}
void program.parseAsync();

async function main(names: string[], options: Options): Promise<void> {
  try {
    prepareToCompile({ isClass: options.submissions !== undefined });
    // Node.js starts behind the walls while the exercises are loaded.
    const walls = chooseWalls(options.isolation);
    walls.catch(() => {}); // `announced` reports it
    const chosen = select(Object.values(exercises) as Exercise[], names);
    if (options.submissions !== undefined) {
      if (options.watch || options.solutions || options.summary)
        throw new UsageError("--submissions goes with none of --watch, --solutions and --summary");
      return await gradeSubmissions(
        options.submissions,
        names.length > 0 ? chosen : undefined,
        options,
        await announced(walls, options),
        await moreChecks(options),
      );
    }
    const alone = CLASS_FLAGS.find((flag) => options[flag] !== undefined);
    if (alone) throw new UsageError(`--${alone} needs --submissions DIR`);
    const folder = folderOf(options);
    const file = options.json && writable(options.json);
    const summary = options.summary && writable(options.summary);
    const run = {
      folder,
      options,
      file,
      walls: await announced(walls, options),
      more: await moreChecks(options),
    };
    if (options.watch) return await gradeOnSave(chosen, run);
    const { result } = await gradeAndReport(chosen, run);
    if (summary) fs.appendFileSync(summary, summaryMarkdown(result));
    process.exitCode = result.exercises.every(({ status }) => status === "solved") ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) console.error(`Grading stopped: ${(error as Error).message}`);
    else console.error(error.message);
    process.exitCode = WRONG_CALL;
  } finally {
    if (!options.watch) endAll();
  }
}

interface Run {
  folder: string;
  options: Options;
  /** Where the results go besides. */
  file: string | undefined;
  walls: Walls;
  more: MoreChecks;
}

async function gradeAndReport(
  chosen: Exercise[],
  { folder, options, file, walls, more }: Run,
  before?: Graded,
): Promise<Graded> {
  const progress = showProgress(chosen.length);
  const limits = options.busy ? { busyMs: options.busy, cellMs: options.busy } : {};
  const now = await grade({
    folder,
    exercises: chosen,
    limits,
    walls,
    more,
    onResult: progress.step,
  }).finally(progress.end);
  const graded = before ? merged(before, now) : now;
  if (options.watch && process.stdout.isTTY) process.stdout.write("\u001b[2J\u001b[3J\u001b[H");
  console.log(reportText(graded, { verbose: options.verbose, columns: process.stdout.columns || undefined }));
  if (file) writeJson(file, graded);
  return graded;
}

async function gradeOnSave(chosen: Exercise[], run: Run): Promise<void> {
  let graded: Graded | undefined;
  const all = chosen.map(({ notebook }) => notebook);
  await watchNotebooks(run.folder, all, async (saved) => {
    const changed = chosen.filter(({ notebook }) => saved.includes(notebook));
    if (changed.length === 0) return;
    try {
      graded = await gradeAndReport(changed, run, graded);
      printWaiting();
    } catch (error) {
      console.error(`Grading stopped: ${(error as Error).message}`);
    }
  });
}

function printWaiting(): void {
  const time = new Date().toLocaleTimeString("en-GB");
  console.log(`${time}, waiting for a notebook to be saved. Ctrl-C ends this.`);
}

/** Returns the earlier results, with those that were graded again replaced. */
function merged(before: Graded, now: Graded): Graded {
  const again = new Map(now.result.exercises.map((result) => [result.id, result]));
  const notebooks = new Set(now.result.exercises.map(({ notebook }) => notebook));
  const notes = before.notes.filter(({ notebook }) => !notebooks.has(notebook));
  return {
    result: sumUp(before.result.exercises.map((result) => again.get(result.id) ?? result)),
    notes: [...notes, ...now.notes],
    outputs: { ...before.outputs, ...now.outputs },
  };
}

/** Shows a spinner on a terminal; elsewhere prints one line, since the report lists the results. */
function showProgress(count: number): { step: (result: ExerciseResult) => void; end: () => void } {
  const title = `Grading ${count === 1 ? "one exercise" : `${count} exercises`} …`;
  if (!canSpin()) {
    console.error(title);
    return { step: () => {}, end: () => {} };
  }
  const spinner = startSpinner(title);
  let done = 0;
  return {
    step: ({ id }) => spinner.update({ text: `${title} ${++done} done, ${id} the last` }),
    end: () => spinner.clear().stop(),
  };
}

/** Returns the folder with the notebooks to grade. Throws a UsageError if it does not exist. */
function folderOf({ notebooks, solutions }: Options): string {
  const folder = notebooks ? path.resolve(notebooks) : solutions ? SOLUTIONS : LEARNERS_NOTEBOOKS;
  if (fs.existsSync(folder)) return folder;
  throw new UsageError(`there is no folder ${path.relative(process.cwd(), folder)} with notebooks to grade`);
}

function writeJson(file: string, { result }: Graded): void {
  replaceFile(file, JSON.stringify(result, null, 2) + "\n");
}

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number: the same one makes the same calls");
}

function milliseconds(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a number of milliseconds");
}
