/**
 * The messages between a crawl pool and its workers, which run scripts/crawl.ts.
 */
import type { ProxyOptions } from "../crawl/lanes";
import type { AddressTuple } from "../peer/address";
import type { PackedVisit } from "./packed-visit";

/** How a worker is to crawl. */
export interface WorkerSettings extends ProxyOptions {
  concurrency: number;
  timeoutMs?: number;
  v2?: boolean;
}

/** What a worker receives: first its settings, then addresses. */
export type ToCrawler = WorkerSettings | { addresses: AddressTuple[] };

/** What a worker sends: that it has started, visits that are over, or why it cannot crawl. */
export type FromCrawler =
  | { ready: true }
  | { visits: PackedVisit[] }
  /** `isProxy` if it is a proxy that is in trouble. */
  | { problem: string; isProxy: boolean };
