/**
 * `npm run serve`: serves snapshots of one's own under the routes of the bitnodes API, until Ctrl-C.
 *
 * Exit codes: 0 after it was stopped, 1 if a file is no snapshot, 2 for a usage error.
 */
import { PRACTICE_URL } from "@course/lib/bitnodes";
import { readSnapshot, SnapshotFileError } from "@course/lib/data";
import { PracticeError, serveSnapshots } from "@course/lib/practice";
import { formatCount } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import { commandNamed } from "./cli/command";
import pc from "picocolors";
import { utcTime } from "./cli/format";
import { integer } from "./cli/integer-option";
import { exitWhenStopped, serveOnOrFree } from "./cli/serving";

/** Beside the practice network's API, which may be running. */
const DEFAULT_PORT = Number(new URL(PRACTICE_URL).port) + 1;

const program = commandNamed("npm run serve --")
  .description(
    "Serves snapshots as the bitnodes API does, on this computer only: files of npm run crawl -- --snapshot or --json, or what such an API has answered.",
  )
  .argument("<file...>", "one snapshot, or several of different times")
  .option("--port <n>", `port of the API (default: ${DEFAULT_PORT}, or a free one)`, integer(0, 65_535));

async function main(): Promise<void> {
  const files = program.parse().args;
  const { port } = program.opts<{ port?: number }>();
  exitWhenStopped();
  const snapshots = files.map(readSnapshot);
  const serveOn = (port: number) => serveSnapshots(snapshots, port);
  const { url } = await (port === undefined ? serveOnOrFree(DEFAULT_PORT, serveOn) : serveOn(port));
  for (const { timestamp, nodes } of snapshots) {
    console.log(`  ${utcTime(timestamp) ?? "no date"}  ${formatCount(Object.keys(nodes).length)} nodes`);
  }
  console.log(`\n${pc.green("Serving")} ${url}\n`);
  console.log(`  BITNODES_URL=${url} npm start`);
  console.log(`  curl ${url}snapshots/latest/ | head -c 500`);
  console.log("\nCtrl-C stops it.");
}

main().catch((error: unknown) => {
  const isKnown = [SnapshotFileError, PracticeError, RangeError].some((known) => error instanceof known);
  console.error(isKnown ? pc.red(printable((error as Error).message)) : error);
  process.exit(error instanceof PracticeError ? 2 : 1);
});
