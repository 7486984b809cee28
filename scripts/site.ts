/** `npm run site`: makes a static site of the solved lessons. */
import { commandNamed } from "./cli/command";
import path from "node:path";
import { type Notebook, readNotebook } from "@course/lib/notebook";
import { formatCount } from "@course/lib/util";
import { Failure, runCommand, stopSignal } from "./cli/failure";
import { notebookName, notebooksIn, SOLUTIONS } from "./notebooks/files";
import { ensureJupyter } from "./setup/venv";
import { keptRun, libraryHash, runFile, runLesson } from "./site/runs";
import { siteFiles } from "./site/site";
import { requireOurs, writeSite } from "./site/write";
import { startNetworkForSolutions } from "./solutions/network";

const program = commandNamed("npm run site --")
  .description(
    "Makes a web site of the solved lessons: a folder for any static host, or to open in a browser as it is.",
  )
  .argument("[out]", "a new folder, or one that holds such a site", "site")
  .option("--pictures", "show plots as the pictures in solutions/, and run nothing")
  .allowExcessArguments(false)
  .addHelpText(
    "after",
    "\nIt is made of solutions/, never of notebooks/, where learners write. The lessons are run once for their live\n" +
      "plots, which takes some minutes; what did not change since is not run again.\n" +
      "Exit status: 0 done, 1 something could not be done, 2 wrong usage.",
  )
  .action(main);
void runCommand(() => program.parseAsync().then(() => {}));

async function main(out: string, { pictures }: { pictures?: boolean }): Promise<void> {
  requireOurs(out);
  const solutions = notebooksIn(SOLUTIONS);
  if (solutions.length === 0)
    throw new Failure("There is nothing in solutions/: run `npm run solutions -- build`.");
  const lessons = pictures
    ? new Map(solutions.map((file) => [notebookName(file), readNotebook(file)]))
    : await livePlots(solutions, stopSignal());
  const files = siteFiles(lessons);
  writeSite(out, files);
  const megabytes = [...files.values()].reduce((sum, { length }) => sum + length, 0) / 1e6;
  console.log(
    `${formatCount(files.size)} files (${megabytes.toFixed(1)} MB) in ${out}. Open ${path.join(out, "index.html")}, or copy the folder to a static host.`,
  );
}

/** Returns the lessons as they ran: those of a run before, or of one now. */
async function livePlots(solutions: string[], signal: AbortSignal): Promise<Map<string, Notebook>> {
  const library = libraryHash();
  const runs = solutions.map((solution) => ({ solution, file: runFile(solution, library) }));
  const kept = new Map(runs.map(({ solution, file }) => [solution, keptRun(file)]));
  const missing = runs.filter(({ solution }) => !kept.get(solution));
  if (missing.length > 0) {
    await ensureJupyter(signal);
    const network = await startNetworkForSolutions();
    try {
      for (const { solution, file } of missing)
        kept.set(solution, await runLesson(solution, file, network.env, signal));
    } finally {
      await network.close();
    }
  }
  return new Map([...kept].map(([solution, notebook]) => [notebookName(solution), notebook!]));
}
