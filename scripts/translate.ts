/** `npm run translate`: shows how far a translation of the lessons is, and prepares what is missing. */
import fs from "node:fs";
import { catalogueOf, COMMON, folderOf, languages } from "@course/lib/language";
import { UsageError } from "@course/lib/util";
import color from "picocolors";
import { commandNamed } from "./cli/command";
import { runCommand } from "./cli/failure";
import { notebookName, NOTEBOOKS, notebooksIn, shown } from "./notebooks/files";
import { addMissing, markDone } from "./translate/edit";
import { type Gap, translationState } from "./translate/state";

interface Options {
  add?: boolean;
  done?: string[];
}

const program = commandNamed("npm run translate --")
  .description("Shows what is missing or stale in the translation of the lessons into a language.")
  .argument("<language>", "its code: de")
  .argument("[lesson...]", "lessons, as in 03-bitnodes-api (default: those that are translated)")
  .option("--add", "write what is missing into the lessons' files, in English, for you to translate in place")
  .option("--done <id...>", "mark cells, or the hints of exercises, as translated: by their ids, or `all`")
  .addHelpText(
    "after",
    "\nA translation is a folder of lib/language/, with a file per lesson. `npm run handout -- OUT --language de` makes\n" +
      "notebooks of it. A cell or hint that is not marked as done, or whose English has changed since, stays English.",
  )
  .action(main);
void runCommand(() => program.parseAsync().then(() => {}));

function main(language: string, named: string[], { add, done }: Options): void {
  if (!languages().includes(language)) {
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language))
      throw new UsageError(`"${language}" is no language code: as in de, or pt-BR`);
    if (!add) throw new UsageError(`there is no translation into ${language}: --add begins one`);
    fs.mkdirSync(folderOf(language), { recursive: true });
  }
  const files = notebooksIn(NOTEBOOKS);
  const lessons = named.map((name) => {
    const file = files.find(
      (file) => notebookName(file) === name || notebookName(file).startsWith(`${name}-`),
    );
    if (!file)
      throw new UsageError(`there is no lesson "${name}": they are ${files.map(notebookName).join(", ")}`);
    return notebookName(file);
  });
  const states = translationState(language, lessons).filter(
    ({ lesson }) => lessons.length === 0 || lessons.includes(lesson),
  );
  const common = catalogueOf(language, COMMON).texts;
  const isNamed = (id: string) => ["all", id].some((name) => done?.includes(name));
  for (const { file, english, gaps } of states) {
    if (add) console.log(`${shown(file)}: ${addMissing(file, english, (text) => text in common)} added`);
    else if (done) console.log(`${shown(file)}: ${markDone(file, english, isNamed)} marked as done`);
    else show(file, gaps);
  }
}

function show(file: string, gaps: readonly Gap[]): void {
  console.log(`${gaps.length ? color.yellow("!") : color.green("✓")} ${shown(file)}`);
  for (const { name, kind } of gaps) console.log(`    ${name} is ${kind}`);
}
