/** What a crawl has come to so far: the numbers behind its progress and its summary. */
import type { Visit } from "@course/lib/peer";

export class CrawlStats {
  received = 0;
  failed = 0;
  /** How many failures there are of each code. */
  readonly codes = new Map<string, number>();
  /** How many nodes call themselves what. */
  readonly userAgents = new Map<string, number>();
  /** Visits since `begin`: those of an earlier crawl took no time of this one. */
  sinceBegin = 0;
  private beganAt = performance.now();
  private endedAt: number | undefined;

  constructor(
    /** How many addresses there are. */
    readonly total: number,
    /** Visits that an earlier crawl has made. */
    earlier: Visit[] = [],
  ) {
    earlier.forEach((visit) => this.count(visit));
  }

  /** Time runs from here. */
  begin(): void {
    this.beganAt = performance.now();
  }

  /** A visit of this crawl is over, and written if it is to be. */
  add(visit: Visit): void {
    this.sinceBegin++;
    this.count(visit);
  }

  /** Time stands still from here. */
  end(): void {
    this.endedAt ??= performance.now();
  }

  get done(): number {
    return this.received + this.failed;
  }

  get remaining(): number {
    return this.total - this.done;
  }

  get elapsedMs(): number {
    return (this.endedAt ?? performance.now()) - this.beganAt;
  }

  /** Visits a second. */
  get rate(): number {
    return this.elapsedMs > 0 ? (1000 * this.sinceBegin) / this.elapsedMs : 0;
  }

  /** How long the rest takes at that rate, in milliseconds; Infinity if nobody knows yet. */
  get leftMs(): number {
    return this.remaining === 0 ? 0 : (1000 * this.remaining) / this.rate;
  }

  private count({ versionMessage, error }: Visit): void {
    if (versionMessage) {
      this.received++;
      increment(this.userAgents, versionMessage.userAgent);
    } else {
      this.failed++;
      increment(this.codes, error!.code ?? "ERROR"); // an error without a code is a mistake of ours: to be seen
    }
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The entries of a count, most frequent first, and in the order of the alphabet where that is equal. */
export function mostFrequent(counts: Map<string, number>): [key: string, count: number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
