/** `npm run handout`: makes the folder or the zip file that learners get. */
import { formatCount, replaceFile, UsageError } from "@course/lib/util";
import { Command } from "commander";
import { zipSync } from "fflate";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "./cli/failure";
import { courseRelease, handoutFiles } from "./handout/handout";

const program = new Command("npm run handout --")
  .description(
    "Makes what learners get: the course without its solved lessons and tests, in a folder or a zip file.",
  )
  .argument("<out>", "a new folder, or a file that ends with .zip")
  .option("--no-hints", "leave out the cells that give hints and solutions, for an exam")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addHelpText(
    "after",
    "\nThe solutions are the library's functions, so they cannot be hidden: --no-hints only takes the cells away.",
  )
  .action(main);
void runCommand(() => program.parseAsync().then(() => {}));

function main(out: string, { hints }: { hints: boolean }): void {
  if (fs.existsSync(out) && (out.endsWith(".zip") || fs.readdirSync(out).length > 0))
    throw new UsageError(`${out} is there already: name a new folder or zip file`);
  const parent = path.dirname(path.resolve(out));
  if (!fs.existsSync(parent)) throw new UsageError(`there is no folder ${parent} to write to`);
  const files = handoutFiles({ hints });
  if (out.endsWith(".zip")) writeZip(out, files);
  else for (const [name, bytes] of files) write(path.join(out, ...name.split("/")), bytes);
  console.log(
    `${formatCount(files.size)} files of release ${courseRelease()} in ${out}. Learners run: npm ci && npm start`,
  );
}

function write(file: string, bytes: Uint8Array): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
}

/** Writes a zip file with one folder in it, so that unpacking it makes no mess. */
function writeZip(out: string, files: Map<string, Uint8Array>): void {
  const folder = path.basename(out, ".zip");
  replaceFile(
    out,
    zipSync(Object.fromEntries([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes]))),
  );
}
