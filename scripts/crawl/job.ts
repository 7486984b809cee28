/** What `npm run crawl` does once it has joined a network: the crawl of a list, or a discovery. */
import type { ProxyOptions } from "@course/lib/crawl";
import type { VisitLines } from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import type { Network } from "@course/lib/practice";
import type { Flags } from "./options";
import type { StatusLine } from "./progress";
import type { CrawlStats } from "./stats";

/** What a job is made of. */
export interface JobRequest {
  network: Network;
  flags: Flags;
  concurrency: number;
  proxies: ProxyOptions;
  /** Ends the crawl when it is aborted. */
  signal: AbortSignal;
  /** The visits of the file that the crawl goes on with, if it does. */
  lines: VisitLines | undefined;
}

export interface Job {
  stats: CrawlStats;
  visits: AsyncIterable<Visit>;
  /** What is about to happen; undefined if nothing is. */
  sentence: string | undefined;
  statusLine: StatusLine;
  /**
   * Called before each visit is written.
   *
   * @throws WriteError if a file takes no more.
   */
  beforeVisit(): void;
  /** Returns a sentence to end with, if there is something to say. */
  remark?(): string | undefined;
  /** Called at the end, however it ends. */
  close(): void;
}
