/** Answers as data: statistics, files and tables. */
export { captureRecapture, type PopulationEstimate } from "./capture-recapture";
export { compareReleases, RELEASE_DATES } from "./releases";
export { type Change, compareSnapshots, type SnapshotComparison } from "./snapshots/compare-snapshots";
export { readSnapshot, SnapshotFileError, writeSnapshot } from "./snapshots/snapshot-file";
export { SnapshotBuilder, snapshotOf } from "./snapshots/snapshot-of-visits";
export { averageSecondsPerAnswer, clockSkews, countBy, heightLags, operatorsHoldingHalf, releaseOf, waitingShare } from "./statistics";
export { openCrawl, openTables, saveCrawl, saveSnapshot, type SavedCrawl, type Tables, type TableSources } from "./tables";
export type { BoundValue } from "./tables/bound-value";
export { parseVisitLine, readVisitLines, visitLine, VisitLineError, type VisitLines } from "./visit-lines";
