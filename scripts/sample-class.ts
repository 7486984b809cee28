/** `npm run sample-class`: makes up a class with known results, to rehearse grading with. */
import type { Exercise } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { select } from "@course/lib/grading";
import { UsageError } from "@course/lib/util";
import { Argument, Option } from "commander";
import { commandNamed } from "./cli/command";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "./cli/failure";
import { integer } from "./cli/integer-option";
import { type PlatformName, PLATFORMS } from "./sample-class/platform-names";
import { makeClass } from "./sample-class/sample-class";

interface Options {
  platform: PlatformName;
  seed: number;
}

const program = commandNamed("npm run sample-class --")
  .description(
    "Makes up a class of learners: right and wrong answers, crashes, damaged files, and the truth beside them.",
  )
  .argument("<out>", "a new folder")
  .addArgument(new Argument("<n>", "how many learners").argParser(integer(1, 10_000)))
  .argument("[id or notebook ...]", "the exercises or notebooks that are handed in (default: all)")
  .addOption(
    new Option("--platform <name>", "name the files as this platform does")
      .choices(Object.keys(PLATFORMS))
      .default("canvas"),
  )
  .addOption(
    new Option("--seed <n>", "the same number makes the same class")
      .argParser(integer(0, 2 ** 31))
      .default(1),
  )
  .action(main);
void runCommand(() => program.parseAsync().then(() => {}));

function main(out: string, count: number, names: string[], { platform, seed }: Options): void {
  const chosen = select(Object.values(exercises) as Exercise[], names);
  if (fs.existsSync(out) && fs.readdirSync(out).length > 0)
    throw new UsageError(`${out} is there already: name a new folder`);
  fs.mkdirSync(path.join(out, "submissions"), { recursive: true });
  const truths = makeClass(out, count, { platform, exercises: chosen, seed });
  console.log(
    `${truths.length} learners in ${path.join(out, "submissions")}, the truth in ${path.join(out, "truth.json")}`,
  );
}
