/** `npm run solutions`: puts the reference solutions into the learner's notebooks, and makes solutions/. */
import type { Exercise } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { NotebookFileError } from "@course/lib/notebook";
import { select } from "@course/lib/grading";
import { UsageError } from "@course/lib/util";
import { Option } from "commander";
import { commandNamed } from "./cli/command";
import path from "node:path";
import color from "picocolors";
import { LEARNERS_NOTEBOOKS, notebookName, NOTEBOOKS, notebooksIn, shown } from "./notebooks/files";
import { Failure, runCommand, stopSignal } from "./cli/failure";
import { step } from "./cli/steps";
import { ensureJupyter } from "./setup/venv";
import { build, BuildError, staleness } from "./solutions/build";
import { byNotebook, exchangeAll, type Direction, type Exchanged } from "./solutions/exchange-all";
import { startNetworkForSolutions } from "./solutions/network";
import { openPainter, type Painter } from "./solutions/pictures";

const program = commandNamed("npm run solutions --")
  .description("Puts the reference solutions into your notebooks, and takes them out again.")
  .addHelpText("after", "\nExit status: 0 done, 1 something could not be done, 2 wrong usage.");

const NAMES = "exercises (getNodes) or notebooks (03-bitnodes-api); all if you name none";
const folder = () => new Option("--notebooks <folder>").default(LEARNERS_NOTEBOOKS).hideHelp();
interface Where {
  notebooks: string;
}

program
  .command("in")
  .description("puts the solutions in; the notebook keeps your own cells for `out`")
  .argument("[names...]", NAMES)
  .addOption(folder())
  .action((names: string[], { notebooks }: Where) => exchange("in", names, notebooks));
program
  .command("out")
  .description("brings your own cells back, unchanged")
  .argument("[names...]", NAMES)
  .addOption(folder())
  .action((names: string[], { notebooks }: Where) => exchange("out", names, notebooks));
program
  .command("build")
  .description("makes solutions/: the lessons with their solutions, run through the real kernel")
  .argument("[notebooks...]", "lessons (03-bitnodes-api); all if you name none")
  .action((names: string[]) => buildAll(names));
program
  .command("check")
  .description("says whether solutions/ is out of date: exit status 1 if it is")
  .action(check);

void runCommand(() => program.parseAsync().then(() => {}));

function exchange(direction: Direction, names: string[], folder: string): void {
  const chosen = select(Object.values(exercises) as Exercise[], names);
  const results = exchangeAll(direction, byNotebook(chosen, path.resolve(folder)));
  results.forEach(print);
  const changed = results.filter(({ copy }) => copy);
  const failed = results.some(({ problems }) => problems.length > 0);
  if (changed.length > 0) printReloadHint(changed);
  else if (direction === "out" && !failed)
    console.log("No solution was in: your notebooks are as they were.");
  process.exitCode = failed ? 1 : 0;
}

function print({ file, steps, problems, copy }: Exchanged): void {
  console.log(color.bold(notebookName(file)));
  for (const line of steps) console.log(`  ${line}`);
  for (const problem of problems) console.log(`  ${color.red(problem)}`);
  if (copy) console.log(color.dim(`  the notebook as it was: ${shown(copy)}`));
}

function printReloadHint(changed: Exchanged[]): void {
  const names = changed.map(({ file }) => notebookName(file)).join(", ");
  console.log(
    `If you have ${names} open: reload it there before you go on (in JupyterLab: File > Reload Notebook from Disk).`,
  );
}

async function buildAll(names: string[]): Promise<void> {
  const lessons = lessonsNamed(names);
  const signal = stopSignal();
  await ensureJupyter(signal);
  const network = await startNetworkForSolutions();
  const painter = openPainter(signal);
  try {
    for (const lesson of lessons) await buildOne(lesson, painter, network.env, signal);
  } finally {
    await painter.close();
    await network.close();
  }
}

async function buildOne(
  lesson: string,
  painter: Painter,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  const errors: string[] = [];
  try {
    await step(`Running ${notebookName(lesson)}`, (showDetail) => {
      const onLine = (line: string) => (/^\d+\/\d+ /.test(line) ? showDetail(line) : errors.push(line));
      return build(lesson, painter, { env, signal, onLine });
    });
  } catch (error) {
    if (!(error instanceof BuildError || error instanceof NotebookFileError)) throw error;
    throw new Failure([...errors, error.message].join("\n"));
  }
}

function lessonsNamed(names: string[]): string[] {
  const lessons = notebooksIn(NOTEBOOKS);
  const unknown = names.find((name) => !lessons.some((lesson) => isNamed(lesson, name)));
  if (unknown !== undefined) {
    const known = lessons.map(notebookName).join(", ");
    throw new UsageError(`there is no notebook "${unknown}": the notebooks are ${known}.`);
  }
  return names.length === 0
    ? lessons
    : lessons.filter((lesson) => names.some((name) => isNamed(lesson, name)));
}

function isNamed(lesson: string, name: string): boolean {
  const [known, asked] = [notebookName(lesson), notebookName(name)];
  return known === asked || known.startsWith(`${asked}-`);
}

async function check(): Promise<void> {
  const stale = await staleness();
  for (const line of stale) console.log(color.red(line));
  console.log(
    stale.length === 0
      ? "solutions/ is up to date."
      : "solutions/ is out of date: `npm run solutions -- build` makes it again.",
  );
  process.exitCode = stale.length === 0 ? 0 : 1;
}
