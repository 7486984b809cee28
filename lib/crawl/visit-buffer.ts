/**
 * Hands visits from a crawl to the loop that takes them, for `crawl()` and `crawlInPool()` alike.
 *
 * The crawl pushes finished visits when they come; the loop takes them when it has time. Both run in one
 * thread, so an array and one promise at a time are enough: the loop awaits a promise only when the buffer
 * is empty, not for each visit.
 */
import { onInterrupt } from "../kernel/interrupt";
import type { Visit } from "../peer/visit";

/** Finished visits that the loop has not taken. */
export class VisitBuffer {
  private readonly visits: Visit[] = [];
  /** Whether the crawl has ended: no visit comes in any more. */
  isClosed = false;
  private failure: { error: unknown } | undefined;
  private resolveChanged = (): void => {};

  get length(): number {
    return this.visits.length;
  }

  push(visit: Visit): void {
    if (this.isClosed) return;
    this.visits.push(visit);
    this.notify();
  }

  /**
   * Returns the oldest visit, or undefined if there is none at the moment.
   *
   * @throws the error given to `fail`.
   */
  take(): Visit | undefined {
    if (this.failure) throw this.failure.error;
    return this.visits.shift();
  }

  /** Makes the loop throw this error. Only the first error counts. */
  fail(error: unknown): void {
    if (this.isClosed) return;
    this.failure ??= { error };
    this.notify();
  }

  /** Drops all visits, and takes no more. */
  close(): void {
    this.isClosed = true;
    this.visits.length = 0;
    this.notify();
  }

  /** Resolves at the next `notify`. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.resolveChanged = resolve));
  }

  /** Makes a waiting loop look again for a visit, an error or the end. */
  notify(): void {
    this.resolveChanged();
  }
}

/** A crawl that is running: what `takeVisits` needs of it. */
export interface RunningCrawl {
  readonly visits: VisitBuffer;
  /**
   * Whether no visit is under way and no address is left.
   *
   * @throws what the loop over the addresses threw.
   */
  readonly isFinished: boolean;
  /** Starts visits while there is room for them. Called at the start, and when the loop has taken a visit. */
  fill(): void;
  /** Stops all work and drops what is unfinished. It may be called twice. */
  end(): void | Promise<void>;
}

/**
 * Starts a crawl and yields its visits, until it is finished or `signal` is aborted. Ends the crawl in
 * any case, also when the loop over the visits is left early, or when the cell that crawls is interrupted.
 *
 * @throws what `start`, the crawl or the loop over its addresses throws.
 */
export async function* takeVisits(
  start: () => RunningCrawl,
  signal: AbortSignal | undefined,
): AsyncGenerator<Visit, void, undefined> {
  const crawl = start();
  const { visits } = crawl;
  const end = (): void => void crawl.end();
  const forget = onInterrupt(end);
  signal?.addEventListener("abort", end, { once: true });
  try {
    if (signal?.aborted || visits.isClosed) return;
    crawl.fill();
    for (;;) {
      const visit = visits.take();
      if (visit) {
        crawl.fill();
        yield visit;
      } else if (visits.isClosed || crawl.isFinished) return;
      else await visits.changed();
    }
  } finally {
    forget();
    signal?.removeEventListener("abort", end);
    await crawl.end();
  }
}
