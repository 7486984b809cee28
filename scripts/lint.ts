/** `npm run lint`: formats and checks the code and the notebooks. */
import { commandNamed } from "./cli/command";
import color from "picocolors";
import { formatCode, lintCode, typeCheckCode } from "./lint/code";
import { formatNotebooks, typeCheckCells } from "./lint/lessons";
import type { Findings } from "./notebooks/format";
import { translationFindings } from "./translate/state";

const program = commandNamed("npm run lint --")
  .description(
    "Formats the code and the lessons' notebooks, corrects what eslint can correct, and checks all types,\n" +
      "including those of the lessons' cells. Exit status: 0 all is well, 1 problems are left, 2 wrong usage.",
  )
  .option("--check", "change nothing, and count each needed change as a problem (for CI)", false)
  .allowExcessArguments(false)
  .configureOutput({ outputError: (text, write) => write(text) })
  .parse();

void main(program.opts<{ check: boolean }>().check);

async function main(check: boolean): Promise<void> {
  const startedAt = performance.now();
  const report = (what: string, findings: Findings) => printFindings(what, findings, check);
  let faults = report("notebooks", await formatNotebooks(check));
  // The compilers run in child processes while eslint and prettier run here.
  const [types, cells] = [typeCheckCode(), typeCheckCells()];
  faults += report("eslint", await lintCode(check));
  faults += report("prettier", await formatCode(check));
  faults += report("types", await types);
  faults += report("cells", await cells);
  const { problems, notes } = translationFindings();
  faults += report("translations", { fixed: [], problems });
  // For translators: whoever changes the English is not held up by it.
  for (const note of notes) console.log(`    ${color.yellow(note)}`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    faults ? color.red(`${faults} left to do (${seconds} s)`) : color.green(`all well (${seconds} s)`),
  );
  process.exitCode = faults ? 1 : 0;
}

/** Prints the findings of a step, and returns how many of them are faults. */
function printFindings(what: string, { fixed, problems }: Findings, check: boolean): number {
  const faults = problems.length + (check ? fixed.length : 0);
  console.log(`${faults ? color.red("✗") : color.green("✓")} ${what}`);
  for (const change of fixed) console.log(`    ${check ? color.red(`not yet: ${change}`) : change}`);
  for (const problem of problems) console.log(`    ${color.red(problem)}`);
  return faults;
}
