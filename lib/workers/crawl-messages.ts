import type { AddressTuple } from "../peer/address";
import type { PackedVisit } from "./packed-visit";

/** What a crawler hears: first how to crawl, then whom to call. */
export type ToCrawler = { concurrency: number; timeoutMs?: number } | { addresses: AddressTuple[] };

/** What it says: that it is there, what it has seen, or that it cannot crawl. */
export type FromCrawler = { ready: true } | { visits: PackedVisit[] } | { problem: string };
