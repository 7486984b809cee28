/** Counts the outcomes of a crawl, for its progress and its summary. */
import { type Lane, laneOf, type Visit } from "@course/lib/peer";

export class CrawlStats {
  received = 0;
  /** How many of the version messages came encrypted. */
  encrypted = 0;
  /** How many came directly, from behind Tor, and from I2P. */
  readonly lanes: Record<Lane, number> = { ip: 0, tor: 0, i2p: 0 };
  failed = 0;
  /** Number of failures of each error code. */
  readonly codes = new Map<string, number>();
  /** Number of nodes with each user agent. */
  readonly userAgents = new Map<string, number>();
  /** Number of peers of each outcome of asking for addresses, in a crawl that asks. */
  readonly gossip = new Map<string, number>();
  /** In a discovery, number of addresses that were heard of and not called, by the name of their network. */
  readonly elsewhere = new Map<string, number>();
  /** Visits since `begin`, without those of an earlier crawl. */
  sinceBegin = 0;
  private beganAt = performance.now();
  private endedAt: number | undefined;

  constructor(
    /** Number of addresses. In a discovery it grows. */
    public total: number,
    /** Visits of an earlier crawl. */
    earlier: Visit[] = [],
  ) {
    earlier.forEach((visit) => this.count(visit));
  }

  /** Starts the clock. */
  begin(): void {
    this.beganAt = performance.now();
  }

  /** Counts a visit of this crawl. */
  add(visit: Visit): void {
    this.sinceBegin++;
    this.count(visit);
  }

  /** Stops the clock. */
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

  /** Visits per second. */
  get rate(): number {
    return this.elapsedMs > 0 ? (1000 * this.sinceBegin) / this.elapsedMs : 0;
  }

  /** Estimated time left at this rate, in milliseconds; Infinity before the first visit. */
  get leftMs(): number {
    return this.remaining === 0 ? 0 : (1000 * this.remaining) / this.rate;
  }

  private count({ address, versionMessage, transport, error, gossip }: Visit): void {
    if (gossip) increment(this.gossip, gossip);
    if (versionMessage) {
      this.received++;
      if (transport === "v2") this.encrypted++;
      this.lanes[laneOf(address)]++;
      increment(this.userAgents, versionMessage.userAgent);
    } else {
      this.failed++;
      increment(this.codes, error!.code ?? "ERROR"); // an error without a code is a bug in the crawler
    }
  }
}

export function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
