/**
 * A crawl that several machines share: `npm run crawl -- --discover --frontier redis://…`.
 *
 *  1. joins the crawl on the server; if there is none, asks the seeds and begins it
 *  2. calls the addresses that the server gives, and tells it whom these know
 *  3. with --json or --resume also collects the visits of all machines, and writes them
 *  4. ends when the crawl is over, or gives back what it has when it is stopped
 */
import { lanesOf, type ProxyOptions } from "@course/lib/crawl";
import { readVisitLines } from "@course/lib/data";
import { discover, MAX_PER_GROUP } from "@course/lib/discovery";
import {
  Connection,
  FrontierError,
  joinCrawl,
  type Joined,
  parseServerAddress,
  RedisFrontier,
} from "@course/lib/frontier";
import type { Lane, Visit } from "@course/lib/peer";
import type { Network } from "@course/lib/practice";
import { formatCount, UsageError } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import colours from "picocolors";
import { randomBytes } from "node:crypto";
import os from "node:os";
import { join } from "./addresses";
import { collectInto } from "./collector";
import { callOptions, ruleOf, seedsFor } from "./discovery";
import { readExclusion } from "./exclude";
import { lockUntilExit } from "./file-lock";
import { networkCheck, NetworkEnded } from "./network-end";
import {
  concurrencyFor,
  type Flags,
  inAllFor,
  joinCommand,
  POLITE_CONCURRENCY,
  proxiesFor,
  resumeCommand,
} from "./options";
import { requireEarlier, visitsByNode } from "./plan";
import { showProgress, type StatusLine } from "./progress";
import { requireProxies } from "./proxies";
import { forgetCrawl, showStatus } from "./shared-status";
import { CrawlStats } from "./stats";
import { INTERRUPTED, unlessStopped } from "./stop";
import { summary } from "./summary";
import { requireNew, STDOUT, type VisitWriter, writerFor } from "./visit-writer";

export type SharedFlags = Flags & Required<Pick<Flags, "frontier">>;

/** What this machine does in a shared crawl. */
interface Part {
  flags: SharedFlags;
  network: Network;
  connection: Connection;
  joined: Joined;
  worker: string;
  concurrency: number;
  proxies: ProxyOptions;
  /** Aborted when this machine leaves the crawl. */
  signal: AbortSignal;
}

/** Runs this machine's part of a shared crawl, or shows or deletes the crawl. Returns the exit code. */
export async function sharedCrawl(flags: SharedFlags, signal: AbortSignal): Promise<number> {
  const url = urlOf(flags);
  const { population } = flags;
  const practice = population === undefined ? "practice" : `practice-${population}`;
  const name = flags.crawl ?? (flags.live ? "live" : practice);
  if (flags.status) return showStatus(new Connection(url, name));
  if (flags.forget) return forgetCrawl(new Connection(url, name));
  const { json, resume, exclude } = flags;
  if (exclude !== undefined) readExclusion(exclude);
  if (json !== undefined && json !== STDOUT) requireNew(json);
  if (resume !== undefined) requireEarlier(resume);
  const file = resume ?? json;
  if (file !== undefined && file !== STDOUT) lockUntilExit(file);
  const network = await unlessStopped(signal, join(flags));
  const concurrency = concurrencyFor(network, flags);
  const proxies = proxiesFor(network, flags);
  await unlessStopped(signal, requireProxies(proxies));
  const connection = new Connection(url, name);
  const worker = `${os.hostname()}-${process.pid}-${randomBytes(2).toString("hex")}`;
  const joined = await unlessStopped(signal, joinOrBegin(connection, worker, network, flags));
  return new SharedCrawl(
    { flags, network, connection, joined, worker, concurrency, proxies, signal },
    url,
  ).run();
}

/** Returns the server's address, from the command line or from FRONTIER_URL. */
function urlOf({ frontier }: SharedFlags): string {
  const url = frontier === true ? process.env.FRONTIER_URL : frontier;
  if (url === undefined || url === "") {
    throw new UsageError("expected --frontier redis://HOST:PORT, or the address in FRONTIER_URL");
  }
  if (frontier !== true && parseServerAddress(url).hasPassword) {
    throw new UsageError(
      "a password on the command line can be seen by every user of this computer: put the address into the variable FRONTIER_URL, and leave it out after --frontier",
    );
  }
  return url;
}

/** Joins the crawl; begins it with the addresses of the seeds if there is none. */
async function joinOrBegin(
  connection: Connection,
  worker: string,
  network: Network,
  flags: SharedFlags,
): Promise<Joined> {
  const isPractice = network.name === "practice";
  const wanted = {
    network: network.name,
    maxAddresses: flags.maxAddresses,
    maxUnderWay: inAllFor(network, flags),
  };
  try {
    return said(connection, await joinCrawl(connection, worker, wanted));
  } catch (error) {
    const isMissing = error instanceof FrontierError && error.code === "NO_CRAWL";
    if (!isMissing || flags.resume !== undefined) throw error;
  }
  const { seeds, sentence } = await seedsFor(network, flags, ruleOf(network, flags, {}));
  console.error(sentence);
  const settings = {
    ...wanted,
    maxPerGroup: isPractice ? Infinity : MAX_PER_GROUP,
    maxUnderWay: wanted.maxUnderWay ?? (isPractice ? undefined : POLITE_CONCURRENCY),
  };
  return said(connection, await joinCrawl(connection, worker, settings, seeds));
}

/** Says on stderr what was joined. */
function said({ crawl, shown }: Connection, joined: Joined): Joined {
  const { isNew, state, warning } = joined;
  const what = isNew ? "begun" : "joined";
  const { waiting, underWay, done, workers } = state;
  console.error(
    `Crawl ${crawl} at ${shown}: ${what}; ${formatCount(done)} done, ${formatCount(underWay)} under way, ${formatCount(waiting)} waiting, ${formatCount(workers)} other workers.`,
  );
  if (warning !== undefined && !state.isOver) console.error(colours.yellow(warning));
  return joined;
}

class SharedCrawl {
  private readonly stats: CrawlStats;
  private readonly writer: VisitWriter;
  private readonly collects: boolean;
  /** The addresses in the file. */
  private readonly collected: Set<string>;
  private readonly frontier: RedisFrontier;
  /** Aborted when either half of the work has failed, or this process is to stop. */
  private readonly ending = new AbortController();
  private unreadable = 0;

  constructor(
    private readonly part: Part,
    private readonly url: string,
  ) {
    const { flags, connection, joined, worker, concurrency, network, signal } = part;
    const { json, resume } = flags;
    const lines = resume === undefined ? undefined : readVisitLines(resume);
    const earlier = visitsByNode(lines);
    this.collected = new Set(earlier.keys());
    this.stats = new CrawlStats(joined.state.heardOf, [...earlier.values()]);
    this.collects = (json ?? resume) !== undefined;
    this.writer = writerFor(flags, lines, signal);
    signal.addEventListener("abort", () => this.ending.abort(signal.reason), { once: true });
    if (signal.aborted) this.ending.abort(signal.reason);
    const check = network.name === "practice" ? networkCheck(network) : undefined;
    this.frontier = new RedisFrontier(connection, joined, {
      concurrency,
      proxies: proxyBounds(part),
      worker,
      onTrouble: (sentence) => this.say(sentence),
      isThere: check && (async () => (await check)()),
    });
  }

  /** Returns the exit code. */
  async run(): Promise<number> {
    const { stats } = this;
    stats.begin();
    const progress = showProgress(stats, this.line());
    const step = (visit: Visit): void => {
      stats.total = Math.max(this.frontier.heardOf, stats.done);
      stats.add(visit);
      progress.step();
    };
    try {
      const calling = this.call(this.collects ? () => {} : step);
      await this.both(this.collects ? [calling, this.collect(step)] : [calling]);
    } finally {
      await this.frontier.close();
      stats.end();
      progress.end();
      this.writer.close();
    }
    return this.conclude();
  }

  /** Resolves when both have ended; if one fails, ends the other, and rejects as it did. */
  private async both(work: readonly Promise<void>[]): Promise<void> {
    const results = await Promise.allSettled(
      work.map((one) =>
        one.catch((error: unknown) => {
          this.ending.abort();
          throw error;
        }),
      ),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed === undefined) return;
    const error: unknown = failed.reason;
    const isNetwork = error instanceof FrontierError && error.code === "NETWORK_ENDED";
    throw isNetwork
      ? new NetworkEnded(
          `The practice network has ended during the crawl. This machine has given back its addresses. To join again, start the network and repeat: ${joinCommand()}`,
        )
      : (error as Error);
  }

  /** Calls what the frontier gives, until the crawl is over or this machine leaves it. */
  private async call(step: (visit: Visit) => void): Promise<void> {
    const { flags, network, concurrency, joined, proxies } = this.part;
    const visits = discover([], concurrency, {
      ...callOptions(flags, proxies),
      frontier: this.frontier,
      mayCall: ruleOf(network, flags, proxies),
      maxAddresses: joined.settings.maxAddresses,
      maxPerGroup: joined.settings.maxPerGroup,
      signal: this.ending.signal,
    });
    for await (const visit of visits) step(visit);
    if (this.ending.signal.aborted) await this.frontier.close();
  }

  /** Writes the visits of all machines, and counts them. */
  private async collect(step: (visit: Visit) => void): Promise<void> {
    const { worker, connection } = this.part;
    const own = new Connection(this.url, connection.crawl);
    const options = { worker, signal: this.ending.signal, onTrouble: (s?: string) => this.say(s) };
    try {
      this.unreadable = await collectInto(own, this.writer, this.collected, step, options);
    } finally {
      own.close();
    }
  }

  private line(): StatusLine {
    return ({ done, rate }) => {
      const { state } = this.frontier;
      return [
        `${formatCount(state.waiting)} waiting`,
        `${formatCount(state.underWay)} under way`,
        `${formatCount(state.done)} done`,
        `${formatCount(state.heardOf)} heard of`,
        `${formatCount(state.workers)} workers`,
        this.collects ? `${formatCount(done)} collected` : `${formatCount(done)} by this one`,
        `${formatCount(Math.round(rate))}/s`,
        ...(state.uncollected >= this.part.joined.settings.maxResults
          ? ["paused: the visits wait for a collector (--json FILE on one machine)"]
          : []),
      ].join(" | ");
    };
  }

  /** Says that the server cannot be used, or can again. */
  private say(sentence: string | undefined): void {
    console.error(colours.yellow(printable(sentence ?? "The server answers again.")));
  }

  /** Prints the summary, and what is left to do. Returns the exit code. */
  private conclude(): number {
    const { stats, collects, frontier, part } = this;
    const { crawl, shown } = part.connection;
    const print = part.flags.json === STDOUT ? console.error : console.log;
    stats.total = collects ? Math.max(frontier.heardOf, stats.done) : stats.done;
    if (stats.done > 0) print(summary(stats));
    if (this.unreadable > 0)
      print(`${formatCount(this.unreadable)} results were no visits, and are left out.`);
    if (!frontier.state.isOver || (collects && this.ending.signal.aborted)) {
      const command =
        this.writer.file === undefined || stats.done === 0 ? joinCommand() : resumeCommand(this.writer.file);
      print(colours.yellow(`Interrupted. Other machines go on; to join again: ${command}`));
      return INTERRUPTED;
    }
    const { done, uncollected } = frontier.state;
    print(`Crawl ${crawl} at ${shown} is over: ${formatCount(done)} addresses, by all machines.`);
    if (!collects && uncollected > 0) {
      print(
        `${formatCount(uncollected)} visits wait to be collected, on any machine: add --json FILE to the same command. When they are not needed any more, --forget deletes the crawl.`,
      );
    }
    return 0;
  }
}

/** Returns how many calls a machine makes through each proxy at a time. */
function proxyBounds({ concurrency, proxies }: Part): Record<"tor" | "i2p", number> {
  const lanes = lanesOf({ concurrency, ...proxies }).filter(({ proxy }) => proxy !== undefined);
  const boundOf = (lane: Lane): number => lanes.find(({ takes }) => takes.includes(lane))?.concurrency ?? 0;
  return { tor: boundOf("tor"), i2p: boundOf("i2p") };
}
