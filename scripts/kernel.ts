/**
 * `npm run kernel`: registers our kernel for the Jupyter or VS Code that the learner already has.
 *
 * It writes the kernel spec, with plotly beside it, into the user's Jupyter folder, and needs no Python for that.
 * With --prefix it writes them into an environment's folder, where all users of that environment find them: in an
 * image the user's own folder is often hidden by a volume.
 */
import os from "node:os";
import path from "node:path";
import { Option } from "commander";
import { UsageError } from "@course/lib/util";
import { commandNamed } from "./cli/command";
import colours from "picocolors";
import { runCommand } from "./cli/failure";
import { beforeUs, installKernel, jupyterDataFolder, kernelIn, removeKernel } from "./setup/kernelspec";
import { firstNotebook } from "./setup/paths";
import { prefixOfPython } from "./setup/python";
import { installSettings, removeSettings } from "./setup/settings";

const own = path.join(jupyterDataFolder(process.env, process.platform, os.homedir()), "kernels", "tslab");

interface Options {
  remove?: boolean;
  prefix?: string;
  sysPrefix?: boolean;
  settings?: boolean;
}

const command = commandNamed("npm run kernel --")
  .description(`Registers the course's kernel, "TypeScript", for the Jupyter or the VS Code that you have.`)
  .option("--remove", "remove it, and restore the kernel that was there before")
  .option("--prefix <dir>", "for all users of the Python environment in this folder")
  .addOption(new Option("--sys-prefix", "for all users of the Python on the PATH").conflicts("prefix"))
  .option(
    "--settings",
    "with a prefix: also the course's settings for the JupyterLab there (readable colours, exports with plots, no news)",
  )
  .addHelpText("after", `\nWithout a prefix it is for you alone, in ${own}.`)
  .allowExcessArguments(false);

/** Returns the environment to register in; undefined for the user alone. */
async function prefixOf({ prefix, sysPrefix }: Options): Promise<string | undefined> {
  if (sysPrefix) return prefixOfPython();
  return prefix === undefined ? undefined : path.resolve(prefix);
}

async function register(folder: string): Promise<void> {
  const done = await installKernel(folder);
  console.log(
    `${colours.green("The kernel is registered")} in ${folder}${done === "unchanged" ? " (it already was)" : ""}.`,
  );
  if (done === "replaced") {
    console.log(
      `Another kernel named tslab was there: it is kept in ${beforeUs(folder)}, and \`npm run kernel -- --remove\` brings it back.`,
    );
  }
  console.log(`
In Jupyter:  start it in this folder (jupyter lab), open ${firstNotebook},
             and choose the kernel "TypeScript" if it asks.
In VS Code:  install the extension "Jupyter", open this folder and ${firstNotebook},
             then Select Kernel (top right) → Jupyter Kernel… → TypeScript.

Run this again when the folder or Node.js has moved.`);
}

async function remove(folder: string): Promise<void> {
  const sentences = {
    removed: `The kernel is no longer in ${folder}.`,
    restored: `The kernel that was in ${folder} before is back.`,
    absent: `There is no kernel of ours in ${folder}: nothing was changed.`,
  };
  console.log(sentences[await removeKernel(folder)]);
}

async function changeSettings(prefix: string, { remove }: Options): Promise<void> {
  await (remove ? removeSettings(prefix) : installSettings(prefix));
  console.log(`The course's settings ${remove ? "are no longer" : "for JupyterLab are"} in ${prefix}.`);
}

void runCommand(async () => {
  const options = command.parse().opts<Options>();
  const prefix = await prefixOf(options);
  if (options.settings && prefix === undefined)
    throw new UsageError("--settings needs the environment of a JupyterLab: --prefix DIR or --sys-prefix");
  const folder = prefix === undefined ? own : kernelIn(prefix);
  await (options.remove ? remove(folder) : register(folder));
  if (prefix !== undefined && (options.settings || options.remove)) await changeSettings(prefix, options);
});
