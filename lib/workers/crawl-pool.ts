/**
 * A team of threads or processes that crawls: one queue for all, and nobody lost.
 *
 *  1. each member gets a few more addresses than it may visit at a time, and more as its visits come in
 *  2. when a member dies, another takes its place, and the addresses it had not finished are tried once more
 *  3. an address that was with two members when they died has the error WORKER_DIED
 *  4. when the last visit is taken, the loop over it is left, or `signal` is aborted, all members are ended
 *
 * An address has a place from when it is taken from the list until its visit is taken from here: so what is
 * held depends on the bound and not on how many addresses there are, and a slow loop slows the crawl.
 */
import type { AddressTuple } from "../peer/address";
import type { CrawlOptions } from "../crawl/crawl";
import { CrawlWorker, type Task } from "./crawl-worker";
import { type SpawnWorker, workerCount } from "./worker-handle";
import { requireSockets } from "../util/open-files";
import { workerDied } from "./supervised-worker";
import { now } from "../util/clock";
import type { Visit } from "../peer/visit";

/** What the members are: how they are started, what they are called (`thread`), and how many there are to be. */
export interface PoolOptions {
  start: SpawnWorker;
  kind: string;
  count: number;
}

/** As many members in a row that die before they can do anything are a reason to stop. */
const MAX_FAILED_STARTS = 3;

/** The visits of all addresses, each as soon as it is over. An error is in its visit. Throws an Error if members cannot be started, a RangeError if the options make no sense. */
export async function* crawlInPool(
  addresses: Iterable<AddressTuple>,
  members: PoolOptions,
  options: CrawlOptions = {},
): AsyncGenerator<Visit, void, undefined> {
  const { concurrency = 1000, signal } = options;
  if (members.kind === "thread") requireSockets(concurrency); // they share what their process may open
  const team = new CrawlPool(addresses, members, options);
  if (signal?.aborted) return;
  const end = () => void team.end();
  signal?.addEventListener("abort", end, { once: true });
  try {
    while (!team.isOver) {
      const visit = team.take();
      if (visit) yield visit;
      else await team.more();
    }
  } finally {
    signal?.removeEventListener("abort", end);
    await team.end();
  }
}

/** One crawl under way. */
class CrawlPool {
  private readonly source: Iterator<AddressTuple>;
  private readonly workers: CrawlWorker[];
  /** To be tried once more. */
  private readonly retries: Task[] = [];
  /** Visits that are over and have not been taken. */
  private readonly done: Visit[] = [];
  private isExhausted = false;
  private isEnded = false;
  private failedStarts = 0;
  private failure: { error: unknown } | undefined;
  private wake = (): void => {};

  constructor(addresses: Iterable<AddressTuple>, members: PoolOptions, options: CrawlOptions) {
    const { concurrency = 1000, timeoutMs } = options;
    this.source = addresses[Symbol.iterator]();
    this.workers = sharesOf(concurrency, members).map(
      (share, i) =>
        new CrawlWorker(members.start, `${members.kind} ${i + 1}`, { concurrency: share, timeoutMs }, this),
    );
  }

  /** Whether there is nothing left to take. Throws what has made an end of the crawl. */
  get isOver(): boolean {
    if (this.isEnded) return true;
    if (this.failure) throw this.failure.error;
    return this.isExhausted && this.retries.length === 0 && this.held === 0;
  }

  /** A visit that is over, if there is one; its place is free from now on. */
  take(): Visit | undefined {
    const visit = this.done.shift();
    if (this.done.length === 0) this.assign();
    return visit;
  }

  /** Resolves when `take` or `isOver` may say something else than before. */
  more(): Promise<void> {
    if (this.isOver || this.done.length > 0) return Promise.resolve();
    return new Promise((resolve) => (this.wake = resolve));
  }

  /** Ends all members and drops what they were doing. Resolves when they are gone. */
  async end(): Promise<void> {
    if (!this.isEnded && !this.isExhausted) this.source.return?.();
    this.isEnded = true;
    this.done.length = 0;
    this.wake();
    await Promise.all(this.workers.map((seat) => seat.end()));
  }

  /** Visits have come in. */
  onVisits(visits: Visit[]): void {
    if (this.isEnded) return;
    this.done.push(...visits);
    this.assign();
    this.wake();
  }

  /** A member can work. */
  onStarted(): void {
    this.failedStarts = 0;
  }

  /** A member has died, with these addresses unfinished. */
  onWorkerExit(seat: CrawlWorker, jobs: Task[], hadStarted: boolean, how: string): void {
    if (this.isEnded) return;
    if (!hadStarted && ++this.failedStarts === MAX_FAILED_STARTS) {
      return this.onFailure(new Error(`${seat.name} does not start, nor did the others before it: ${how}`));
    }
    for (const job of jobs) {
      if (hadStarted) job.attemptsLost++;
      if (job.attemptsLost < 2) this.retries.push(job);
      else this.done.push(lost(seat, job, how));
    }
    this.assign();
    this.wake();
  }

  /** The crawl cannot go on. */
  onFailure(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }

  /** Addresses that have a place. */
  private get held(): number {
    return this.workers.reduce((sum, { load }) => sum + load, this.done.length);
  }

  /** Gives each member as many addresses as it has room for, the least busy first. */
  private assign(): void {
    let free = this.workers.reduce((sum, { room }) => sum + room, 0) - this.done.length;
    for (; free > 0; free--) {
      const job = this.nextTask();
      if (!job) break;
      this.workers.reduce((most, seat) => (seat.room > most.room ? seat : most)).take(job);
    }
    this.workers.forEach((seat) => seat.send());
  }

  private nextTask(): Task | undefined {
    const again = this.retries.pop();
    if (again || this.isExhausted || this.isEnded || this.failure) return again;
    try {
      const { done, value } = this.source.next();
      if (!done) return { address: value, attemptsLost: 0, assignedAt: now() };
    } catch (error) {
      this.onFailure(error);
    }
    this.isExhausted = true;
    return undefined;
  }
}

function lost({ name }: CrawlWorker, { address, assignedAt: givenAt }: Task, how: string): Visit {
  return { address, worker: name, startedAt: givenAt, endedAt: now(), error: workerDied(`${name}: ${how}`) };
}

/** How many visits at a time each member may make; there are no more members than visits at a time. */
function sharesOf(concurrency: number, { count, kind }: PoolOptions): number[] {
  workerCount("concurrency", concurrency, Infinity);
  const members = workerCount(kind === "thread" ? "threads" : "processes", count, concurrency);
  const extra = concurrency % members;
  return Array.from({ length: members }, (_, i) => Math.floor(concurrency / members) + (i < extra ? 1 : 0));
}
