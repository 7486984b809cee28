/**
 * `npm run setup`: all that `npm start` does before it starts, for images and prebuilt containers.
 */
import { commandNamed } from "./cli/command";
import colours from "picocolors";
import { runCommand, stopSignal } from "./cli/failure";
import { root, work } from "./setup/paths";
import { setUp } from "./setup/set-up";

const command = commandNamed("npm run setup --")
  .description(
    "Does what `npm start` does before it starts: installs JupyterLab and the kernel, and brings the lessons to the folder that COURSE_WORK names.",
  )
  .option(
    "--no-jupyter",
    "install no JupyterLab: there is one, and `npm run kernel` registers the kernel with it",
  )
  .addHelpText(
    "after",
    "\nCOURSE_WORK=DIR keeps notebooks, settings and backups in DIR. The course itself is then only read.",
  )
  .allowExcessArguments(false);

async function setup({ jupyter }: { jupyter: boolean }): Promise<void> {
  await setUp({ jupyter, signal: stopSignal() });
  const ready = work === root ? "The course is set up." : `The course is set up in ${work}.`;
  console.log(colours.green(ready) + (jupyter ? " `npm start` starts it." : ""));
}

void runCommand(() => setup(command.parse().opts<{ jupyter: boolean }>()));
