/** `npm run solutions`: the reference solutions, in the learner's notebooks and as notebooks of their own. */
import { Command } from "commander";
import color from "picocolors";
import { notebookName, shown } from "./notebooks/files";
import { exchangeAll, type Direction, type Exchanged } from "./solutions/exchange-all";
import { select, UnknownName } from "./solutions/select";

const program = new Command("npm run solutions --")
  .description("Puts the reference solutions into your notebooks, and takes them out again.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const NAMES = "exercises (getNodes) or notebooks (03-bitnodes-api); all if you name none";

program
  .command("in")
  .description("puts the solutions in; your own cells are kept in the notebook, for `out`")
  .argument("[names...]", NAMES)
  .action((names: string[]) => exchange("in", names));

program
  .command("out")
  .description("brings your own cells back, as they were")
  .argument("[names...]", NAMES)
  .action((names: string[]) => exchange("out", names));

program.addHelpText("after", "\nExit status: 0 done, 1 something could not be done, 2 a wrong call.");

program.parse();

function exchange(direction: Direction, names: string[]): void {
  try {
    const results = exchangeAll(direction, select(names));
    results.forEach(tell);
    const changed = results.filter(({ copy }) => copy);
    if (changed.length) tellToReload(changed);
    else if (direction === "out" && results.every(({ problems }) => problems.length === 0)) {
      console.log("No solution was in: your notebooks are as they were.");
    }
    process.exitCode = results.some(({ problems }) => problems.length) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    console.error(color.red(error.message));
    process.exitCode = 2;
  }
}

function tell({ file, steps, problems, copy }: Exchanged): void {
  console.log(color.bold(notebookName(file)));
  for (const line of steps) console.log(`  ${line}`);
  for (const problem of problems) console.log(`  ${color.red(problem)}`);
  if (copy) console.log(color.dim(`  the notebook as it was: ${shown(copy)}`));
}

function tellToReload(changed: Exchanged[]): void {
  const names = changed.map(({ file }) => notebookName(file)).join(", ");
  console.log(
    `If you have ${names} open: reload it there before you go on (in JupyterLab: File > Reload Notebook from Disk).`,
  );
}
