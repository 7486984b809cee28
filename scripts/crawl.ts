/**
 * `npm run crawl`: the finished crawler without a notebook.
 *
 *  1. joins the network, and asks for its list of nodes; with --discover, asks its DNS seeds
 *  2. calls all of them, many at a time; writes each visit (with --json or --resume), then counts and shows
 *     it
 *  3. prints a summary, and how to go on after an interrupt; if all are called, writes a snapshot (with
 *     --snapshot or --parquet)
 *
 * With --frontier several machines share the crawl: crawl/shared-crawl.ts.
 *
 * Exit codes: 0 if all nodes were called, 1 if the crawl failed, 2 for a wrong call, 130 after an interrupt.
 */
import { BitnodesError } from "@course/lib/bitnodes";
import { crawl, type ProxyOptions } from "@course/lib/crawl";
import { readVisitLines, SnapshotFileError, VisitLineError } from "@course/lib/data";
import { FrontierError } from "@course/lib/frontier";
import type { SeedAnswer } from "@course/lib/discovery";
import { addressString, parseProxy, ProxyError, type Visit } from "@course/lib/peer";
import { PracticeError } from "@course/lib/practice";
import { crawlInThreads } from "@course/lib/workers";
import { formatCount, UsageError } from "@course/lib/util";
import { printable, printableLines } from "@course/lib/wire";
import { inspect } from "node:util";
import colours from "picocolors";
import { join, listedAddresses, requireSameNodes } from "./crawl/addresses";
import { requireNew, type VisitWriter, WriteError, writerFor } from "./crawl/visit-writer";
import { askSeedsOf, discoveryJob, NoSeeds, requireFiles, seedsSentence } from "./crawl/discovery";
import type { Job, JobRequest } from "./crawl/job";
import { concurrencyFor, proxiesFor, requireFlagsFit } from "./crawl/bounds";
import { resumeCommand } from "./crawl/next-command";
import { type Flags, program, STDOUT } from "./crawl/options";
import { lockUntilExit } from "./crawl/file-lock";
import { networkCheck, NetworkEnded, whileThere } from "./crawl/network-end";
import { planOf, requireEarlier, resumeSentence } from "./crawl/plan";
import { requireProxies } from "./crawl/proxies";
import { showProgress, statusLine } from "./crawl/progress";
import { sharedCrawl } from "./crawl/shared-crawl";
import type { SharedFlags } from "./crawl/shared-join";
import { INTERRUPTED, stopOrEndSignal, unlessStopped } from "./crawl/stop";
import { summary } from "./crawl/summary";
import { requireNewSnapshot, snapshotWriter, type SnapshotWriter, writeSnapshots } from "./crawl/snapshot";
import { CrawlStats } from "./crawl/stats";

const FAILED = 1;
const WRONG_CALL = 2;

/** Runs the crawl, and returns the exit code. */
async function main(flags: Flags, signal: AbortSignal): Promise<number> {
  const { json, resume } = flags;
  requireFlagsFit(flags);
  if (flags.frontier !== undefined) return sharedCrawl(flags as SharedFlags, signal);
  if (json !== undefined && json !== STDOUT) requireNew(json);
  if (resume !== undefined) requireEarlier(resume);
  requireNewSnapshot(flags);
  if (flags.discover) requireFiles(flags);
  const file = resume ?? json;
  if (file !== undefined && file !== STDOUT) lockUntilExit(file);
  const lines = resume === undefined ? undefined : readVisitLines(resume);
  const network = await unlessStopped(
    signal,
    join(
      flags,
      lines?.visits.map(({ address }) => address),
    ),
  );
  if (lines) await unlessStopped(signal, requireSameNodes(network, resume!, lines.visits));
  const concurrency = concurrencyFor(network, flags);
  if (flags.dryRun) return showSeeds(await unlessStopped(signal, askSeedsOf(network, flags)));
  const proxies = proxiesFor(network, flags);
  await unlessStopped(signal, requireProxies(proxies));
  const request = { network, flags, concurrency, proxies, signal, lines };
  const job = await unlessStopped(signal, flags.discover ? discoveryJob(request) : listJob(request));
  const { stats } = job;
  const snapshot = snapshotWriter(flags, lines);
  if (job.sentence !== undefined) console.error(job.sentence);
  if (stats.remaining > 0) console.error(callSentence(job, concurrency, flags, proxies));
  const isThere = await unlessStopped(signal, networkCheck(network));
  const visits = whileThere(job.visits, isThere, signal);
  const writer = writerFor(flags, lines, signal);
  await follow(visits, writer, job, snapshot, signal).catch((error: unknown) => {
    if (error instanceof NetworkEnded) throw new NetworkEnded(endedSentence(writer, stats));
    if (error instanceof ProxyError)
      throw new ProxyError(`${error.message}. ${interruptedSentence(writer, stats)}`);
    throw error;
  });
  const print = json === STDOUT ? console.error : console.log;
  print(summary(stats));
  const remark = job.remark?.();
  if (remark !== undefined) print(remark);
  if (stats.remaining === 0) {
    await writeSnapshots(snapshot, print, writer.file && resumeCommand(writer.file));
    return 0;
  }
  print(colours.yellow(interruptedSentence(writer, stats)));
  return INTERRUPTED;
}

/** Prepares the crawl of the network's list, without the nodes that an earlier crawl has called. */
async function listJob({ flags, concurrency, signal, lines, proxies }: JobRequest): Promise<Job> {
  const { threads, timeout, resume, v2 } = flags;
  const { addresses, speaksV2 } = await listedAddresses();
  const plan = planOf(addresses, resume, lines);
  const { toCall, earlier } = plan;
  const options = { ...proxies, concurrency, timeoutMs: timeout * 1000, v2, signal };
  return {
    stats: new CrawlStats(earlier.length + toCall.length, earlier),
    visits:
      threads === 1
        ? crawl(toCall, { ...options, speaksV2 })
        : crawlInThreads(toCall, { threads, ...options }),
    sentence: lines && resumeSentence(resume!, lines, plan),
    statusLine,
    beforeVisit() {},
    close() {},
  };
}

function callSentence(
  { stats }: Job,
  concurrency: number,
  { threads, timeout, discover, v2 }: Flags,
  proxies: ProxyOptions,
): string {
  const whom = discover ? "them and whom they know" : `${formatCount(stats.remaining)} addresses`;
  const by = threads > 1 ? ` by ${threads} threads` : "";
  const how = v2 ? ", encrypted where they understand it" : "";
  const andAgain = discover ? ", and again to name others" : "";
  return `Calling ${whom}, ${formatCount(concurrency)} at a time${by}${how}; each has ${timeout} s to connect, and ${timeout} s to answer${andAgain}.${proxySentences(proxies)}`;
}

/** Says through which proxies nodes are called. */
function proxySentences({ proxy, i2pProxy }: ProxyOptions): string {
  const sentence = (whom: string, url: string) =>
    ` Nodes ${whom} are called through ${addressString(parseProxy(url).address)}, which takes its time.`;
  const tor = proxy === undefined ? "" : sentence("behind Tor", proxy);
  return i2pProxy === undefined ? tor : `${tor}${sentence("on I2P", i2pProxy)}`;
}

/** Prints what the seeds have answered, for --dry-run, and returns the exit code. */
function showSeeds(answers: SeedAnswer[]): number {
  for (const { name, addresses } of answers) {
    console.log(`${printable(name)}: ${addresses.map(addressString).join(" ") || "nothing"}`);
  }
  console.log(seedsSentence(answers));
  return answers.some(({ addresses }) => addresses.length > 0) ? 0 : FAILED;
}

/** Writes, then counts, then shows each visit as it ends. */
async function follow(
  visits: AsyncIterable<Visit>,
  writer: VisitWriter,
  job: Job,
  snapshot: SnapshotWriter,
  signal: AbortSignal,
): Promise<void> {
  const { stats } = job;
  stats.begin();
  const progress = showProgress(stats, job.statusLine);
  try {
    for await (const visit of visits) {
      job.beforeVisit();
      const written = writer.write(visit);
      if (written) await written;
      if (signal.aborted) break; // the visit may not have been written
      stats.add(visit);
      snapshot.add(visit);
      progress.step();
    }
  } finally {
    stats.end();
    progress.end();
    writer.close();
    job.close();
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
    [
      BitnodesError,
      FrontierError,
      NetworkEnded,
      NoSeeds,
      PracticeError,
      ProxyError,
      SnapshotFileError,
      WriteError,
    ].some((known) => error instanceof known) ||
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
