/** Answers as data: statistics, files and tables. */
export { captureRecapture, type PopulationEstimate } from "./capture-recapture";
export { compareReleases, RELEASE_DATES } from "./releases";
export { averageSecondsPerAnswer, clockSkews, countBy, heightLags, operatorsHoldingHalf, releaseOf, waitingShare } from "./statistics";
export { openCrawl, openTables, saveCrawl, type SavedCrawl, type Tables, type TableSources } from "./tables";
export type { BoundValue } from "./tables/bound-value";
export { parseVisitLine, readVisitLines, visitLine, VisitLineError, type VisitLines } from "./visit-lines";
