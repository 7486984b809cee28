/**
 * The finished crawler: many visits at a time, never more than a bound.
 *
 * A visit has a place from its start until whoever loops over the crawl has taken it: so a slow loop
 * slows the crawl, and what is held depends on the bound and not on how many addresses there are.
 * Connections are opened in batches, with a look at the sockets after each, and deadlines are fair
 * (deadlines.ts): that this process is late is never a peer's fault.
 */
import { AddressSource } from "./address-source";
import type { AddressTuple } from "../peer/address";
import { Connection, type ConnectionListener } from "./connection";
import { Deadlines } from "./deadlines";
import { requireSockets } from "../util/open-files";
import { DEFAULT_TIMEOUT_MS } from "../peer/connect";
import { now } from "../util/clock";
import type { Visit } from "../peer/visit";
import { formatCount, requirePositiveInteger } from "../util/numbers";

export interface CrawlOptions {
  /** How many visits at a time, at the most. 1,000 if not given. */
  concurrency?: number;
  /** How long connecting may take, and again how long an answer may take, in milliseconds. 1,000 if not given. */
  timeoutMs?: number;
  /** Ends the crawl: sockets are closed, visits under way are dropped, the loop over it is over. */
  signal?: AbortSignal;
}

/** How many connections are opened before the event loop looks at its sockets again. */
const BATCH = 64;
/** How many visits under way are a crowd, to which more are added at an easier pace. */
const PACING_THRESHOLD = 1000;
/** How long the pause after a batch is in a crowd, in times of what opening it took: to take a call is more work than to make one, and practice peers have only this machine to do it on. */
const PACING_FACTOR = 6;
/** The longest that a timer of Node.js can be. */
const MAX_TIMEOUT_MS = 2 ** 31 - 2;
const BUFFER_LENGTH = 64 * 1024;

/**
 * The visits of all addresses, each as soon as it is over, `concurrency` at a time. An error is in its
 * visit and stops nobody. Addresses are taken as there is room for them, so they may be of any number.
 * A loop that is left early, or an aborted `signal`, closes every socket. Throws a RangeError if the
 * options make no sense, or if this process may not open as many sockets.
 */
export async function* crawl(
  addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
  options: CrawlOptions = {},
): AsyncGenerator<Visit, void, undefined> {
  const { concurrency = 1000, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  requireOptions(concurrency, timeoutMs);
  requireSockets(Array.isArray(addresses) ? Math.min(addresses.length, concurrency) : concurrency);
  const run = new Crawl(addresses, concurrency, timeoutMs);
  signal?.addEventListener("abort", run.end, { once: true });
  if (signal?.aborted) return;
  try {
    for (;;) {
      const visit = run.take();
      if (visit) yield visit;
      else if (run.isOver) return;
      else await run.changed();
    }
  } finally {
    signal?.removeEventListener("abort", run.end);
    run.end();
  }
}

/** One crawl under way. */
class Crawl implements ConnectionListener {
  readonly buffer = new Uint8Array(BUFFER_LENGTH);
  private readonly source: AddressSource;
  private readonly deadlines: Deadlines<Connection>;
  private readonly connections = new Set<Connection>();
  /** Visits that are over and have not been taken. */
  private readonly done: Visit[] = [];
  private filling: NodeJS.Immediate | undefined;
  private pause: NodeJS.Timeout | undefined;
  private isEnded = false;
  private notify = (): void => {};

  constructor(
    addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
    /** Fewer than was asked for if the system runs out of open files. */
    private slots: number,
    timeoutMs: number,
  ) {
    this.source = new AddressSource(addresses, () => this.fill());
    this.deadlines = new Deadlines(timeoutMs, (call) => call.timeOut(timeoutMs));
    this.fill();
  }

  /** Whether there is nothing left to take. Throws what the loop over the addresses threw. */
  get isOver(): boolean {
    if (this.isEnded) return true;
    return this.connections.size === 0 && this.done.length === 0 && this.source.isEmpty;
  }

  /** A visit that is over, if there is one; its place is free from now on. */
  take(): Visit | undefined {
    const visit = this.done.shift();
    if (visit) this.fill();
    return visit;
  }

  /** Resolves when `take` or `isOver` may say something else than before. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.notify = resolve));
  }

  /** Closes every socket and drops the visits under way. */
  readonly end = (): void => {
    this.isEnded = true;
    this.source.close();
    this.deadlines.clear();
    clearImmediate(this.filling);
    clearTimeout(this.pause);
    for (const call of this.connections) call.destroy();
    this.connections.clear();
    this.done.length = 0;
    this.notify();
  };

  connected(call: Connection): void {
    this.deadlines.add(call);
  }

  closed(call: Connection): void {
    this.deadlines.delete(call);
    this.connections.delete(call);
    if (isFileLimitError(call.visit) && this.connections.size > 0) this.lowerConcurrency(call.visit.address);
    else this.done.push(call.visit);
    this.notify();
  }

  /** Has places filled once the event loop has polled. */
  private fill(): void {
    if (!this.pause) this.filling ??= setImmediate(this.open);
  }

  /** Starts visits while there are places: a batch of them, and the next later. */
  private readonly open = (): void => {
    this.filling = this.pause = undefined;
    const startedAt = now();
    for (let opened = 0; this.connections.size + this.done.length < this.slots; opened++) {
      if (opened === BATCH) return this.scheduleBatch(now() - startedAt);
      const address = this.source.take();
      if (!address) break;
      this.start(address);
    }
    this.notify();
  };

  /** Has the next batch opened: once the event loop has polled, or in a crowd after a pause. */
  private scheduleBatch(batchMs: number): void {
    if (this.connections.size > PACING_THRESHOLD) this.pause = setTimeout(this.open, PACING_FACTOR * batchMs);
    else this.fill();
  }

  private start(address: AddressTuple): void {
    const call = new Connection(this, address);
    this.connections.add(call);
    this.deadlines.add(call);
    call.start();
  }

  /** Goes on with as many places as there are sockets, and calls this address when one of them is free. */
  private lowerConcurrency(address: AddressTuple): void {
    this.slots = this.connections.size;
    this.source.putBack(address);
    process.emitWarning(
      `the system has no more files to open (EMFILE): the crawl goes on with ${formatCount(this.slots)} visits at a time`,
    );
  }
}

function isFileLimitError({ error }: Visit): boolean {
  return error?.code === "TOO_MANY_FILES";
}

function requireOptions(concurrency: number, timeoutMs: number): void {
  requirePositiveInteger("concurrency", concurrency);
  if (!(timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw new RangeError(`expected \`timeoutMs\` to be a number above 0, got ${timeoutMs}`);
  }
}
