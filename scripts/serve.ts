/**
 * `npm run serve`: serves snapshots of one's own under the routes of the bitnodes API, until Ctrl-C.
 *
 * Exit codes: 0 after it was stopped, 1 if a file is no snapshot, 2 for a usage error.
 */
import { PRACTICE_URL } from "@course/lib/bitnodes";
import { readSnapshot, SnapshotFileError } from "@course/lib/data";
import { PracticeError, serveSnapshots, type SnapshotServer } from "@course/lib/practice";
import { formatCount } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import { commandNamed } from "./cli/command";
import pc from "picocolors";
import { endWithParent } from "./cli/end-with-parent";
import { utcTime } from "./cli/format";
import { integer } from "./cli/integer-option";

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
  const stop = () => process.exit(0);
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  endWithParent(stop);
  const snapshots = files.map(readSnapshot);
  const { url } = await serve(snapshots, port);
  for (const { timestamp, nodes } of snapshots) {
    console.log(`  ${utcTime(timestamp) ?? "no date"}  ${formatCount(Object.keys(nodes).length)} nodes`);
  }
  console.log(`\n${pc.green("Serving")} ${url}\n`);
  console.log(`  BITNODES_URL=${url} npm start`);
  console.log(`  curl ${url}snapshots/latest/ | head -c 500`);
  console.log("\nCtrl-C stops it.");
}

/** Serves on the port of `--port`; without it, on the default port, or on a free one if that is taken. */
async function serve(
  snapshots: Parameters<typeof serveSnapshots>[0],
  port?: number,
): Promise<SnapshotServer> {
  if (port !== undefined) return serveSnapshots(snapshots, port);
  try {
    return await serveSnapshots(snapshots, DEFAULT_PORT);
  } catch (error) {
    if (!(error instanceof PracticeError && error.code === "PORT_TAKEN")) throw error;
    console.error(`Port ${DEFAULT_PORT} is taken: using a free one.`);
    return serveSnapshots(snapshots);
  }
}

main().catch((error: unknown) => {
  const isKnown = [SnapshotFileError, PracticeError, RangeError].some((known) => error instanceof known);
  console.error(isKnown ? pc.red(printable((error as Error).message)) : error);
  process.exit(error instanceof PracticeError ? 2 : 1);
});
