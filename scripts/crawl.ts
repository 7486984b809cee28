/**
 * `npm run crawl`: the finished crawler without a notebook.
 *
 *  1. joins the network, and asks for its list of nodes
 *  2. calls all of them, many at a time; writes each visit (with --json or --resume), then counts and shows
 *     it
 *  3. prints a summary, and how to go on after an interrupt
 *
 * Exit codes: 0 if all nodes were called, 1 if the crawl failed, 2 for a wrong call, 130 after an interrupt.
 */
import { BitnodesError } from "@course/lib/bitnodes";
import { crawl } from "@course/lib/crawl";
import { readVisitLines, VisitLineError } from "@course/lib/data";
import type { AddressTuple, Visit } from "@course/lib/peer";
import { PracticeError } from "@course/lib/practice";
import { crawlInThreads } from "@course/lib/workers";
import { formatCount, UsageError } from "@course/lib/util";
import { printable, printableLines } from "@course/lib/wire";
import { inspect } from "node:util";
import colours from "picocolors";
import { join, listedAddresses } from "./crawl/addresses";
import {
  type VisitWriter,
  WriteError,
  noWriter,
  requireNew,
  resumedFileWriter,
  newFileWriter,
  stdoutWriter,
} from "./crawl/visit-writer";
import { concurrencyFor, type Flags, program, resumeCommand } from "./crawl/options";
import { lockUntilExit } from "./crawl/file-lock";
import { networkCheck, NetworkEnded, whileThere } from "./crawl/network-end";
import { type Plan, planOf, requireEarlier, resumeSentence } from "./crawl/plan";
import { showProgress } from "./crawl/progress";
import { INTERRUPTED, stopOrEndSignal, unlessStopped } from "./crawl/stop";
import { summary } from "./crawl/summary";
import { CrawlStats } from "./crawl/stats";

const FAILED = 1;
const WRONG_CALL = 2;
const STDOUT = "-";

/** Runs the crawl, and returns the exit code. */
async function main(flags: Flags, signal: AbortSignal): Promise<number> {
  const { json, resume } = flags;
  if (json !== undefined && json !== STDOUT) requireNew(json);
  if (resume !== undefined) requireEarlier(resume);
  const file = resume ?? json;
  if (file !== undefined && file !== STDOUT) lockUntilExit(file);
  const lines = resume === undefined ? undefined : readVisitLines(resume);
  const network = await unlessStopped(signal, join(flags.live, lines?.visits));
  const concurrency = concurrencyFor(network, flags);
  const plan = planOf(await unlessStopped(signal, listedAddresses()), resume, lines);
  if (lines) console.error(resumeSentence(resume!, lines, plan));
  if (plan.toCall.length > 0) console.error(callSentence(plan, concurrency, flags));
  const stats = new CrawlStats(plan.earlier.length + plan.toCall.length, plan.earlier);
  const isThere = await unlessStopped(signal, networkCheck(network));
  const visits = whileThere(visitsOf(plan.toCall, concurrency, flags, signal), isThere, signal);
  const writer = resume !== undefined ? resumedFileWriter(resume, lines!) : writerFor(json, signal);
  await follow(visits, writer, stats, signal).catch((error: unknown) => {
    throw error instanceof NetworkEnded ? new NetworkEnded(endedSentence(writer, stats)) : error;
  });
  const print = json === STDOUT ? console.error : console.log;
  print(summary(stats));
  if (stats.remaining === 0) return 0;
  print(colours.yellow(interruptedSentence(writer, stats)));
  return INTERRUPTED;
}

function visitsOf(
  addresses: AddressTuple[],
  concurrency: number,
  { threads, timeout, v2 }: Flags,
  signal: AbortSignal,
): AsyncIterable<Visit> {
  const options = { concurrency, timeoutMs: timeout * 1000, v2, signal };
  return threads === 1 ? crawl(addresses, options) : crawlInThreads(addresses, { threads, ...options });
}

function callSentence({ toCall }: Plan, concurrency: number, { threads, timeout, v2 }: Flags): string {
  const by = threads > 1 ? ` by ${threads} threads` : "";
  const how = v2 ? ", encrypted where they understand it" : "";
  return `Calling ${formatCount(toCall.length)} addresses, ${formatCount(concurrency)} at a time${by}${how}; each has ${timeout} s to connect, and ${timeout} s to answer.`;
}

function writerFor(json: string | undefined, signal: AbortSignal): VisitWriter {
  if (json === undefined) return noWriter;
  return json === STDOUT ? stdoutWriter(signal) : newFileWriter(json);
}

/** Writes, then counts, then shows each visit as it ends. */
async function follow(
  visits: AsyncIterable<Visit>,
  writer: VisitWriter,
  stats: CrawlStats,
  signal: AbortSignal,
): Promise<void> {
  stats.begin();
  const progress = showProgress(stats);
  try {
    for await (const visit of visits) {
      const written = writer.write(visit);
      if (written) await written;
      if (signal.aborted) break; // the visit may not have been written
      stats.add(visit);
      progress.step();
    }
  } finally {
    stats.end();
    progress.end();
    writer.close();
  }
}

function interruptedSentence({ file }: VisitWriter, stats: CrawlStats): string {
  if (stats.done === 0) return "Interrupted before the first visit ended.";
  if (file !== undefined) return `Interrupted. To go on: ${resumeCommand(file)}`;
  return "Interrupted; the visits were not saved. Use --json FILE to save them, and --resume FILE to go on later.";
}

function endedSentence({ file }: VisitWriter, { done, remaining }: CrawlStats): string {
  const goOn =
    file === undefined || done === 0
      ? "start the crawl again"
      : `go on with ${resumeCommand(file)}, which starts a new network if none is running`;
  return `The practice network has ended during the crawl, and ${formatCount(remaining)} addresses are left to call: ${goOn}.`;
}

/** Prints why the crawl failed, and returns the exit code. */
function explain(error: unknown): number {
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === "AbortError") return printError("Stopped.", INTERRUPTED);
  if (code === "EPIPE") return printError("The reader of the visits has closed the pipe.", FAILED);
  if (code === "ERR_INVALID_URL") {
    return printError(
      `BITNODES_URL: expected the address of a bitnodes API, got "${process.env.BITNODES_URL}"`,
      WRONG_CALL,
    );
  }
  if (error instanceof UsageError || error instanceof VisitLineError || error instanceof RangeError) {
    return printError(message, WRONG_CALL);
  }
  if (
    [BitnodesError, NetworkEnded, PracticeError, WriteError].some((known) => error instanceof known) ||
    code
  ) {
    return printError(message, FAILED);
  }
  console.error(printableLines(inspect(error)));
  return FAILED;
}

function printError(sentence: string, code: number): number {
  console.error(colours.red(printable(sentence)));
  return code;
}

async function run(): Promise<void> {
  const signal = stopOrEndSignal();
  const flags = program.parse().opts<Flags>();
  // process.exit also ends a practice network that this process has started.
  process.exit(await main(flags, signal).catch(explain));
}

void run();
