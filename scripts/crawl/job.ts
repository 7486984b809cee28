/** What `npm run crawl` does once it has joined a network: the crawl of a list, or a discovery. */
import type { Visit } from "@course/lib/peer";
import type { StatusLine } from "./progress";
import type { CrawlStats } from "./stats";

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
