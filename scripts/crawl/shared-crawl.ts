/**
 * A crawl that several machines share: `npm run crawl -- --discover --frontier redis://…`.
 *
 *  1. joins the crawl on the server; if there is none, asks the seeds and begins it
 *  2. calls the addresses that the server gives, and tells it whom these know
 *  3. with --json or --resume also collects the visits of all machines, and writes them (collection.ts)
 *  4. ends when the crawl is over, or gives back what it has when it is stopped; if it is over, writes a snapshot
 *     of what it has collected (with --snapshot or --parquet)
 */
import { lanesOf, type ProxyOptions } from "@course/lib/crawl";
import { discover } from "@course/lib/discovery";
import {
  ServerConnection,
  crawlStatus,
  FrontierError,
  type Joined,
  RedisFrontier,
  someAddresses,
} from "@course/lib/frontier";
import type { Lane, Visit } from "@course/lib/peer";
import type { Network } from "@course/lib/practice";
import { formatCount } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import colours from "picocolors";
import { randomBytes } from "node:crypto";
import os from "node:os";
import { join, requireSamePractice } from "./addresses";
import { type Collection, collects, openCollection, prepareFiles } from "./collection";
import { collectInto } from "./collector";
import { callOptions, ruleOf } from "./discovery";
import { readExclusion } from "./exclude";
import { networkCheck, NetworkEnded } from "./network-end";
import { concurrencyFor, proxiesFor } from "./bounds";
import { joinCommand } from "./next-command";
import { STDOUT } from "./options";
import { showProgress, type StatusLine } from "./progress";
import { requireProxies } from "./proxies";
import { crawlName, joinOrBegin, type SharedFlags, urlOf } from "./shared-join";
import { sharedLine } from "./shared-line";
import { forgetCrawl, showStatus } from "./shared-status";
import { writeSnapshots } from "./snapshot";
import { CrawlStats } from "./stats";
import { INTERRUPTED, unlessStopped } from "./stop";
import { summary } from "./summary";

/** What this machine does in a shared crawl. */
interface Part {
  flags: SharedFlags;
  network: Network;
  connection: ServerConnection;
  joined: Joined;
  /** Undefined if this machine collects nothing. */
  collection: Collection | undefined;
  worker: string;
  concurrency: number;
  proxies: ProxyOptions;
  /** Aborted when this machine leaves the crawl. */
  signal: AbortSignal;
}

/** Runs this machine's part of a shared crawl, or shows or deletes the crawl. Returns the exit code. */
export async function sharedCrawl(flags: SharedFlags, signal: AbortSignal): Promise<number> {
  const url = urlOf(flags);
  const connection = new ServerConnection(url, crawlName(flags));
  if (flags.status) return showStatus(connection);
  if (flags.forget) return forgetCrawl(connection);
  if (flags.exclude !== undefined) readExclusion(flags.exclude);
  const lines = prepareFiles(flags);
  // A practice network that has to be started again gets the addresses that it had in the crawl.
  const addresses = await unlessStopped(signal, someAddresses(connection));
  const network = await unlessStopped(signal, join(flags, addresses));
  const concurrency = concurrencyFor(network, flags);
  const proxies = proxiesFor(network, flags);
  await unlessStopped(signal, requireProxies(proxies));
  const worker = `${os.hostname()}-${process.pid}-${randomBytes(2).toString("hex")}`;
  const joined = await unlessStopped(signal, joinOrBegin(connection, worker, network, flags));
  if (network.name === "practice" && !joined.state.isOver) {
    await unlessStopped(signal, requireSamePractice(addresses));
  }
  const collection = collects(flags)
    ? await openCollection(flags, connection, joined, lines, signal)
    : undefined;
  if (collection?.sentence !== undefined) console.error(collection.sentence);
  const part = { flags, network, connection, joined, collection, worker, concurrency, proxies, signal };
  return new SharedCrawl(part, url).run();
}

class SharedCrawl {
  private readonly stats: CrawlStats;
  private readonly frontier: RedisFrontier;
  /** Aborted when either half of the work has failed, or this process is to stop. */
  private readonly ending = new AbortController();
  private unreadable = 0;

  constructor(
    private readonly part: Part,
    private readonly url: string,
  ) {
    const { connection, joined, collection, worker, concurrency, network, signal } = part;
    this.stats = new CrawlStats(joined.state.heardOf, [...(collection?.earlier.values() ?? [])]);
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
    await this.work().catch((error: unknown) => {
      const hasEnded = error instanceof FrontierError && error.code === "NETWORK_ENDED";
      throw hasEnded
        ? new NetworkEnded(
            `The practice network has ended during the crawl. This machine has given back its addresses. To join again, start the network and repeat: ${this.goOn}`,
          )
        : (error as Error);
    });
    return this.conclude();
  }

  /** Calls, and collects, until the crawl is over or this machine leaves it. */
  private async work(): Promise<void> {
    const { stats } = this;
    const { collection } = this.part;
    stats.begin();
    const progress = showProgress(stats, this.line());
    const step = (visit: Visit): void => {
      stats.total = Math.max(this.frontier.heardOf, stats.done);
      stats.add(visit);
      collection?.snapshot.add(visit);
      progress.step();
    };
    try {
      await this.both(collection ? [this.call(() => {}), this.collect(collection, step)] : [this.call(step)]);
    } finally {
      await this.frontier.close();
      stats.end();
      progress.end();
      collection?.writer.close();
    }
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
    if (failed !== undefined) throw failed.reason as Error;
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
  private async collect({ writer, earlier }: Collection, step: (visit: Visit) => void): Promise<void> {
    const { worker, connection } = this.part;
    const own = new ServerConnection(this.url, connection.crawl);
    const options = { worker, signal: this.ending.signal, onTrouble: (s?: string) => this.say(s) };
    try {
      this.unreadable = await collectInto(own, writer, new Set(earlier.keys()), step, options);
    } finally {
      own.close();
    }
  }

  private line(): StatusLine {
    const { joined, proxies, collection } = this.part;
    return sharedLine({
      state: () => this.frontier.state,
      maxResults: joined.settings.maxResults,
      proxies,
      collects: collection !== undefined,
    });
  }

  /** Says that the server cannot be used, or can again. */
  private say(sentence: string | undefined): void {
    console.error(colours.yellow(printable(sentence ?? "The server answers again.")));
  }

  /** Resolves to how many visits wait for a collector, if no machine is collecting. */
  private async leftToCollect(): Promise<number> {
    const own = new ServerConnection(this.url, this.part.connection.crawl);
    try {
      const { collector, state } = await crawlStatus(own);
      return collector === undefined ? state.uncollected : 0;
    } catch {
      return this.frontier.state.uncollected;
    } finally {
      own.close();
    }
  }

  /** The command that does the same as this one again. */
  private get goOn(): string {
    return this.part.collection?.goOn() ?? joinCommand();
  }

  /** Prints the summary, writes the lists, and says what is left to do. Returns the exit code. */
  private async conclude(): Promise<number> {
    const { stats, frontier, part } = this;
    const { collection, connection } = part;
    const { crawl, shown } = connection;
    const print = part.flags.json === STDOUT ? console.error : console.log;
    stats.total = collection ? Math.max(frontier.heardOf, stats.done) : stats.done;
    if (stats.done > 0) print(summary(stats));
    if (this.unreadable > 0)
      print(`${formatCount(this.unreadable)} results were no visits, and are left out.`);
    if (!frontier.state.isOver || (collection && this.ending.signal.aborted)) {
      print(colours.yellow(`Interrupted. Other machines go on; to join again: ${this.goOn}`));
      return INTERRUPTED;
    }
    const { done } = frontier.state;
    print(`Crawl ${crawl} at ${shown} is over: ${formatCount(done)} addresses, by all machines.`);
    if (collection) {
      const elsewhere = done - stats.done - this.unreadable;
      if (elsewhere > 0)
        print(`${formatCount(elsewhere)} of these visits were collected before, into another file.`);
      await writeSnapshots(collection.snapshot, print, this.goOn);
      collection.removeBeside();
    }
    const uncollected = collection ? 0 : await this.leftToCollect();
    if (uncollected > 0) {
      const wait = uncollected === 1 ? "1 visit waits" : `${formatCount(uncollected)} visits wait`;
      print(
        `${wait} to be collected, on any machine: add --json FILE to the same command. When they are not needed any more, --forget deletes the crawl.`,
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
