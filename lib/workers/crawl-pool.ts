/**
 * Crawls with a pool of threads or processes, which share one queue of addresses.
 *
 *  1. each worker gets a few more addresses than it may visit at a time, and more when its visits come in
 *  2. when a worker dies, a new one takes its place, and its unfinished addresses are tried once more
 *  3. an address that two workers had when they died gets the error WORKER_DIED
 *  4. when the last visit is taken, the loop is left, or `signal` is aborted, all workers are ended
 *
 * An address counts against the bound from when it is taken from its source until its visit is taken. So
 * memory depends on the bound, not on the number of addresses, and a slow loop slows the crawl.
 */
import type { AddressTuple } from "../peer/address";
import { AddressSource } from "../crawl/address-source";
import { type CrawlOptions, defaultConcurrency } from "../crawl/crawl";
import { type LaneBounds, lanesOf } from "../crawl/lanes";
import { type RunningCrawl, takeVisits, VisitBuffer } from "../crawl/visit-buffer";
import type { WorkerSettings } from "./crawl-messages";
import { CrawlWorker, type CrawlWorkerListener, type Task } from "./crawl-worker";
import { type SpawnWorker, workerCount } from "./worker-handle";
import { requireSockets } from "../util/open-files";
import { workerDied } from "./supervised-worker";
import type { Lane } from "../peer/lane";
import { now } from "../util/clock";
import type { Visit } from "../peer/visit";

/** How workers are started, what they are, and how many there are at most. */
interface PoolOptions {
  start: SpawnWorker;
  kind: "thread" | "process";
  count: number;
}

/** Workers in a row that may die before they have started: then the crawl fails. */
const MAX_FAILED_STARTS = 3;

/**
 * Visits all addresses and yields each visit as soon as it is over. A failed visit has an `error`.
 *
 * @throws RangeError if an option is out of range, or if this process may not open that many sockets.
 * @throws Error if no worker can be started.
 * @throws what the loop over the addresses throws, once the visits under way are over.
 */
export function crawlInPool(
  addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
  pool: PoolOptions,
  options: CrawlOptions,
): AsyncGenerator<Visit, void, undefined> {
  return takeVisits(() => new CrawlPool(addresses, pool, options), options.signal);
}

/** A crawl in several workers. */
class CrawlPool implements RunningCrawl, CrawlWorkerListener {
  readonly visits = new VisitBuffer();
  private readonly source: AddressSource;
  private readonly lanes: readonly LaneBounds[];
  private readonly workers: CrawlWorker[];
  /** Tasks to try once more. */
  private readonly retries: Task[] = [];
  private failedStarts = 0;

  constructor(
    addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
    pool: PoolOptions,
    options: CrawlOptions,
  ) {
    const { v2 = false, concurrency = defaultConcurrency(v2) } = options;
    this.lanes = lanesOf({ ...options, concurrency });
    const count = workerCount(pool.kind === "thread" ? "threads" : "processes", pool.count, concurrency);
    this.workers = Array.from({ length: count }, (_, i) => {
      const shares = this.lanes.map((lane) => shareOf(lane.concurrency, i, count));
      const settings = settingsOf({ ...options, v2 }, this.lanes, shares);
      return new CrawlWorker(pool.start, `${pool.kind} ${i + 1}`, settings, shares, this);
    });
    // Threads share the open files of this process; processes have their own.
    if (pool.kind === "thread") requireSockets(this.lanes.reduce((sum, lane) => sum + lane.concurrency, 0));
    this.source = new AddressSource(addresses, () => this.assignTasks());
  }

  get isFinished(): boolean {
    const isIdle = this.workers.every((worker) => worker.isIdle);
    return isIdle && this.retries.length === 0 && this.visits.length === 0 && this.source.isEmpty;
  }

  /** Assigns tasks when all visits are taken: then a worker gets several in one message. */
  fill(): void {
    if (this.visits.length === 0) this.assignTasks();
  }

  /** Resolves when all workers have exited. */
  async end(): Promise<void> {
    this.visits.close();
    this.source.close();
    await Promise.all(this.workers.map((worker) => worker.end()));
  }

  onStarted(): void {
    this.failedStarts = 0;
  }

  onVisits(visits: Visit[]): void {
    for (const visit of visits) this.visits.push(visit);
    this.assignTasks();
  }

  onWorkerExit(worker: CrawlWorker, tasks: Task[], hadStarted: boolean, reason: string): void {
    if (!hadStarted && ++this.failedStarts >= MAX_FAILED_STARTS) {
      const message = `${worker.name} does not start, nor did the others before it: ${reason}`;
      return this.visits.fail(new Error(message));
    }
    for (const task of tasks) {
      if (hadStarted) task.attemptsLost++;
      if (task.attemptsLost < 2) this.retries.push(task);
      else this.visits.push(lostVisit(worker, task, reason));
    }
    this.assignTasks();
  }

  onFailure(error: unknown): void {
    this.visits.fail(error);
  }

  /** Gives workers as many tasks as they have room for, each to the least busy. */
  private assignTasks(): void {
    this.lanes.forEach((_, lane) => this.assignTasksOf(lane));
    if (this.visits.isClosed) return; // sending would start workers
    this.workers.forEach((worker) => worker.send());
    this.visits.notify();
  }

  private assignTasksOf(lane: number): void {
    let room = this.workers.reduce((sum, worker) => sum + worker.room(lane), 0) - this.visits.length;
    for (; room > 0; room--) {
      const task = this.nextTask(lane);
      if (!task) break;
      this.workers.reduce((most, worker) => (worker.room(lane) > most.room(lane) ? worker : most)).take(task);
    }
  }

  private nextTask(lane: number): Task | undefined {
    if (this.visits.isClosed) return undefined;
    const retry = this.retries.findIndex((task) => task.lane === lane);
    if (retry >= 0) return this.retries.splice(retry, 1)[0];
    const address = this.source.take(this.lanes[lane].takes);
    return address && { address, lane, attemptsLost: 0, assignedAt: now() };
  }
}

function lostVisit({ name }: CrawlWorker, { address, assignedAt }: Task, reason: string): Visit {
  const error = workerDied(`${name}: ${reason}`);
  return { address, worker: name, startedAt: assignedAt, endedAt: now(), error };
}

/** Divides `concurrency` among the workers: returns the share of worker number `i`. */
function shareOf(concurrency: number, i: number, workers: number): number {
  return Math.floor(concurrency / workers) + (i < concurrency % workers ? 1 : 0);
}

/** Returns the settings of a worker with these shares of the lanes. Without a share of a proxy it has none. */
function settingsOf(
  { timeoutMs, v2, proxy, i2pProxy, proxyTimeoutMs }: CrawlOptions,
  lanes: readonly LaneBounds[],
  shares: readonly number[],
): WorkerSettings {
  const shareFor = (lane: Lane) => shares[lanes.findIndex(({ takes }) => takes.includes(lane))] || undefined;
  const [tor, i2p] = [shareFor("tor"), shareFor("i2p")];
  return {
    concurrency: shareFor("ip")!,
    timeoutMs,
    v2,
    ...(proxy !== undefined && tor && { proxy, proxyConcurrency: tor }),
    ...(i2pProxy !== undefined && i2p && { i2pProxy, i2pProxyConcurrency: i2p }),
    proxyTimeoutMs,
  };
}
