/** Visits many peers, one after the other or many at a time, in one thread. */
export { getVersionMessagesConcurrently } from "./concurrently";
export { ASKING_VERSION_MESSAGE, crawl, type CrawlOptions, defaultConcurrency } from "./crawl";
export { Deadlines } from "./deadlines";
export { lanesOf, type ProxyOptions } from "./lanes";
export { mapPool } from "./map-pool";
export { getVersionMessages } from "./one-by-one";
export { type Progress, progressLine } from "./progress-line";
