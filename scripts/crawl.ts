/**
 * `npm run crawl`: the finished crawler without a notebook.
 *
 *  1. the network is joined, and its list of nodes asked for
 *  2. all of them are called, many at a time; each visit is written, if it is to be, then counted, then shown
 *  3. a summary, and how to go on if it was interrupted
 *
 * Exit codes: 0 when all have been called, 1 when that could not be done, 2 for a wrong call, 130 when it was
 * interrupted.
 */
import { BitnodesError } from "@course/lib/bitnodes";
import { crawl } from "@course/lib/crawl";
import { VisitLineError } from "@course/lib/data";
import type { AddressTuple, Visit } from "@course/lib/peer";
import { PracticeError } from "@course/lib/practice";
import { crawlInThreads } from "@course/lib/workers";
import { formatCount, UsageError } from "@course/lib/util";
import colours from "picocolors";
import { join, listedAddresses } from "./crawl/addresses";
import {
  type VisitWriter,
  WriteError,
  newFile,
  NO_KEEPER,
  requireNew,
  resumedFile,
  toStdout,
} from "./crawl/visit-writer";
import { concurrencyFor, type Flags, program, sameAgain } from "./crawl/options";
import { type Plan, planOf, readEarlier, resumeSentence } from "./crawl/plan";
import { showProgress } from "./crawl/progress";
import { INTERRUPTED, stopOrEndSignal, unlessStopped } from "./crawl/stop";
import { summary } from "./crawl/summary";
import { CrawlStats } from "./crawl/stats";

const FAILED = 1;
const WRONG_CALL = 2;
const STDOUT = "-";

/** Calls everybody, and gives the exit code. */
async function main(flags: Flags, signal: AbortSignal): Promise<number> {
  const { json, resume } = flags;
  if (json !== undefined && json !== STDOUT) requireNew(json);
  const lines = resume === undefined ? undefined : readEarlier(resume);
  const network = await unlessStopped(signal, join(flags.live));
  const concurrency = concurrencyFor(network, flags);
  const plan = planOf(await unlessStopped(signal, listedAddresses()), resume, lines);
  if (lines) console.error(resumeSentence(resume!, lines, plan));
  if (plan.toCall.length > 0) console.error(callSentence(plan, concurrency, flags));
  const tally = new CrawlStats(plan.earlier.length + plan.toCall.length, plan.earlier);
  const visits = visitsOf(plan.toCall, concurrency, flags, signal);
  const writer = resume !== undefined ? resumedFile(resume, lines!) : writerFor(json, signal);
  await follow(visits, writer, tally, signal);
  const say = json === STDOUT ? console.error : console.log;
  say(summary(tally));
  if (tally.remaining === 0) return 0;
  say(colours.yellow(interruptedSentence(writer, tally)));
  return INTERRUPTED;
}

function visitsOf(
  addresses: AddressTuple[],
  concurrency: number,
  { threads, timeout }: Flags,
  signal: AbortSignal,
): AsyncIterable<Visit> {
  const options = { concurrency, timeoutMs: timeout * 1000, signal };
  return threads === 1 ? crawl(addresses, options) : crawlInThreads(addresses, { threads, ...options });
}

function callSentence({ toCall }: Plan, concurrency: number, { threads, timeout }: Flags): string {
  const by = threads > 1 ? ` by ${threads} threads` : "";
  return `Calling ${formatCount(toCall.length)} addresses, ${formatCount(concurrency)} at a time${by}; each has ${timeout} s to connect, and ${timeout} s to answer.`;
}

function writerFor(json: string | undefined, signal: AbortSignal): VisitWriter {
  if (json === undefined) return NO_KEEPER;
  return json === STDOUT ? toStdout(signal) : newFile(json);
}

/** Takes each visit as it comes: written first, then counted, then shown. */
async function follow(
  visits: AsyncIterable<Visit>,
  writer: VisitWriter,
  tally: CrawlStats,
  signal: AbortSignal,
): Promise<void> {
  tally.begin();
  const progress = showProgress(tally);
  try {
    for await (const visit of visits) {
      const written = writer.write(visit);
      if (written) await written;
      if (signal.aborted) break; // whether that was written is not known
      tally.add(visit);
      progress.step();
    }
  } finally {
    tally.end();
    progress.end();
    writer.close();
  }
}

function interruptedSentence({ file }: VisitWriter, tally: CrawlStats): string {
  if (tally.done === 0) return "Interrupted before anybody had answered.";
  if (file !== undefined) return `Interrupted. To go on: ${sameAgain(file)}`;
  return "Interrupted, and not kept: with --json FILE each visit is, and --resume FILE goes on from there.";
}

/** Says why it could not be done, and gives the exit code. */
function explain(error: unknown): number {
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === "AbortError") return say("Stopped.", INTERRUPTED);
  if (code === "EPIPE") return say("Nobody reads the visits any more.", FAILED);
  if (code === "ERR_INVALID_URL") {
    return say(
      `BITNODES_URL: expected the address of a bitnodes API, got "${process.env.BITNODES_URL}"`,
      WRONG_CALL,
    );
  }
  if (error instanceof UsageError || error instanceof VisitLineError || error instanceof RangeError) {
    return say(message, WRONG_CALL);
  }
  if ([BitnodesError, PracticeError, WriteError].some((known) => error instanceof known) || code) {
    return say(message, FAILED);
  }
  console.error(error);
  return FAILED;
}

function say(sentence: string, code: number): number {
  console.error(colours.red(sentence));
  return code;
}

async function run(): Promise<void> {
  const signal = stopOrEndSignal();
  const flags = program.parse().opts<Flags>();
  // What still goes on, such as a practice network of our own, ends with the process.
  process.exit(await main(flags, signal).catch(explain));
}

void run();
