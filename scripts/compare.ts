/**
 * `npm run compare`: what has changed between two snapshots of a network.
 *
 * Exit codes: 0; 1 if a file is no snapshot; 2 for a usage error.
 */
import { compareSnapshots, readSnapshot, SnapshotFileError } from "@course/lib/data";
import { printable, printableJson } from "@course/lib/wire";
import { commandNamed } from "./cli/command";
import pc from "picocolors";
import { comparisonText } from "./compare/text";

const program = commandNamed("npm run compare --")
  .description(
    "Says what has changed between two snapshots: who came, who left, who changed version, who moved. Snapshots are files of npm run crawl -- --snapshot or --json, or what an API like that of bitnodes has answered.",
  )
  .argument("<before>", "the earlier snapshot")
  .argument("<after>", "the later one")
  .option("--json", "print the addresses, as JSON, in place of the counts")
  .allowExcessArguments(false);

function main(): void {
  const [before, after] = program.parse().args.map((file) => ({ file, snapshot: readSnapshot(file) }));
  const comparison = compareSnapshots(before.snapshot, after.snapshot);
  const { json } = program.opts<{ json?: true }>();
  console.log(json ? printableJson(JSON.stringify(comparison)) : comparisonText(before, after, comparison));
}

try {
  main();
} catch (error) {
  const isKnown = error instanceof SnapshotFileError;
  console.error(isKnown ? pc.red(printable(error.message)) : error);
  process.exit(1);
}
