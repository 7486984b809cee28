/** `npm run handout`: makes the folder or the zip file that learners get, or that a grading service gets. */
import { type Exercise, lessonsOf } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { languages, ORIGINAL } from "@course/lib/language";
import { select } from "@course/lib/grading";
import { formatCount, UsageError } from "@course/lib/util";
import { Option } from "commander";
import { commandNamed } from "./cli/command";
import path from "node:path";
import { runCommand } from "./cli/failure";
import { gradescopeFiles } from "./handout/gradescope";
import { handoutFiles } from "./handout/handout";
import { nbgraderFiles } from "./handout/nbgrader";
import { courseRelease } from "./handout/release";
import { requireNew, writeFiles } from "./handout/write";

interface Options {
  hints: boolean;
  hiddenChecks?: boolean;
  gradescope?: boolean;
  nbgrader?: boolean;
  language: string;
}

const program = commandNamed("npm run handout --")
  .description(
    "Makes what learners get: the course without its solved lessons and tests, in a folder or a zip file.",
  )
  .argument("<out>", "a new folder, or a file that ends with .zip")
  .argument("[lesson...]", "with --gradescope or --nbgrader: the lessons to grade (default: all)")
  .option("--no-hints", "leave out the cells that give hints and solutions, for an exam")
  .option("--hidden-checks", "let the notebooks say that you grade with more checks than they show")
  .addOption(
    new Option(
      "--language <code>",
      "the language of lessons, hints and check reports, as far as they are translated",
    )
      .choices([ORIGINAL, ...languages()])
      .default(ORIGINAL),
  )
  .option("--gradescope", "make an autograder for Gradescope instead")
  .option("--nbgrader", "make a course folder for nbgrader instead")
  .addHelpText(
    "after",
    "\nThe solutions are the library's functions, so they cannot be hidden: --no-hints only takes the cells away.",
  )
  .action(main);
void runCommand(() => program.parseAsync().then(() => {}));

function main(out: string, names: string[], options: Options): void {
  const { hints, hiddenChecks, gradescope, nbgrader, language } = options;
  if (gradescope && nbgrader) throw new UsageError("--gradescope and --nbgrader make two things: name one");
  if (names.length > 0 && !gradescope && !nbgrader)
    throw new UsageError("what learners get has all lessons: name some with --gradescope or --nbgrader");
  const lessons = names.length === 0 ? [] : lessonsNamed(names);
  requireNew(out);
  if (gradescope) {
    writeFiles(out, gradescopeFiles(lessons));
    console.log(
      `An autograder of release ${courseRelease()} in ${out}: upload it to an assignment of Gradescope.`,
    );
  } else if (nbgrader) {
    writeFiles(out, nbgraderFiles(lessons, { hints, hiddenChecks }), path.basename(out, ".zip"));
    console.log(
      `A course folder for nbgrader, of release ${courseRelease()}, in ${out}. Run \`npm ci\` in its folder course before you grade.`,
    );
  } else {
    const files = handoutFiles({ hints, hiddenChecks, language });
    // Below a folder, so that unpacking it makes no mess.
    writeFiles(out, files, path.basename(out, ".zip"));
    console.log(
      `${formatCount(files.size)} files of release ${courseRelease()} in ${out}. Learners run: npm ci && npm start`,
    );
  }
}

function lessonsNamed(names: string[]): string[] {
  const chosen = select(Object.values(exercises) as Exercise[], names);
  return lessonsOf(chosen);
}
