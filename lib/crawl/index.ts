/** Visits many peers, one after the other or many at a time, in one thread. */
export { getVersionMessagesConcurrently } from "./concurrently";
export { crawl, type CrawlOptions, defaultConcurrency } from "./crawl";
export { Deadlines } from "./deadlines";
export { mapPool } from "./map-pool";
export { getVersionMessages } from "./one-by-one";
export { type Progress, progressLine } from "./progress-line";
