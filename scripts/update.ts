/** `npm run update`: brings a newer release of the course under a learner's work. */
import { Option } from "commander";
import { commandNamed } from "./cli/command";
import path from "node:path";
import { Failure, runCommand } from "./cli/failure";
import { root, work } from "./setup/paths";
import { makeUpdate, planUpdate, type Update } from "./update/update";

const program = commandNamed("npm run update --")
  .description("Brings a newer release of the course under your work. No cell that you wrote is touched.")
  .argument("<from>", "the newer release: its folder or zip file")
  .addOption(new Option("--course <folder>", "the course to update").default(root).hideHelp())
  .action(main);
void runCommand(() => program.parseAsync().then(() => {}));

function main(from: string, { course }: { course: string }): void {
  if (work !== root && course === root)
    throw new Failure(
      `The course is in ${root}, apart from your work in ${work}: update it there, with COURSE_WORK unset; \`npm run setup\` then brings its lessons to your work.`,
    );
  const update = planUpdate(path.resolve(course), path.resolve(from));
  const copies = makeUpdate(path.resolve(course), update);
  report(update, copies);
}

function report({ release, lessons, files, gone }: Update, copies: string[]): void {
  for (const { lesson, merged } of lessons) {
    if (!merged) console.log(`${lesson}: new`);
    else if (merged.added + merged.replaced + merged.removed > 0)
      console.log(`${lesson}: ${merged.added} cells new, ${merged.replaced} changed, ${merged.removed} gone`);
    for (const id of merged?.keptOverChange ?? [])
      console.log(`${lesson}: cell ${id} is yours and stays, though the release has a newer one`);
  }
  if (copies.length > 0)
    console.log(`As it was: ${copies.map((copy) => path.relative(process.cwd(), copy)).join(", ")}`);
  const isNew = files.length > 1 || gone.length > 0;
  console.log(`This is release ${release} now.${isNew ? " Run `npm ci` before you go on." : ""}`);
  console.log(
    "If you have lessons open: reload them there (in JupyterLab: File > Reload Notebook from Disk).",
  );
}
