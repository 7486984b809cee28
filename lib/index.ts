/** @course/lib: what the notebooks import, and what everything else here stands on. */
import { shortenCellErrors } from "./notebook/cell-errors";
import { keepCellSources } from "./notebook/cell-sources";
import { watchCells } from "./notebook/cell-watch";

export * from "./addr";
export * from "./addr-v2";
export * from "./addresses";
export * from "./bitnodes/addresses";
export * from "./ask-addresses";
export * from "./backups";
export * from "./bitnodes";
export * from "./byte-queue";
export * from "./bytes";
export * from "./capture-recapture";
export * from "./concurrently";
export * from "./crawl";
export * from "./deadlines";
export * from "./errors";
export * from "./bitnodes/errors";
export * from "./wire/errors";
export * from "./fibonacci";
export * from "./has-checksum";
export * from "./map-pool";
export * from "./member";
export * from "./messages";
export * from "./network";
export * from "./bitnodes/url";
export * from "./network-address";
export * from "./notebook-file";
export * from "./util/files";
export * from "./overlay-hosts";
export * from "./one-by-one";
export * from "./open-files";
export * from "./packed-visit";
export * from "./packet";
export * from "./has-checksum";
export * from "./packet-reader";
export * from "./peer";
export * from "./peer/connect";
export * from "./practice";
export * from "./progress-line";
export * from "./processes";
export * from "./recordings";
export * from "./releases";
export * from "./seat";
export * from "./services";
export * from "./statistics";
export * from "./tables";
export * from "./tables/database";
export * from "./tail";
export * from "./team";
export * from "./text";
export * from "./threads";
export * from "./var-int";
export * from "./version-message";
export * from "./visit";
export * from "./util/clock";
export * from "./visit-lines";
export * from "./workers";
export * from "./exercises";
export * from "./exercises/exercise";
export * from "./greeting";
export { COLOURS } from "./notebook/colours";
export { check, verdictText } from "./notebook/check";
export { crawlWithFewFiles } from "./notebook/few-files";
export { hint } from "./notebook/hint";
export { interruptSignal, stoppable } from "./notebook/interrupt";
export { plot, type PlotOptions } from "./notebook/plot";
export { type PlotData, type PlotValues } from "./notebook/plot-data";
export { librarySource } from "./notebook/library-source";
export { liveLine } from "./notebook/progress";
export { type CpuProfile, type CpuShare, cpuShares, profileCpu } from "./notebook/profile-cpu";
export {
  type LineProfile,
  lineProfile,
  profileLines,
  type ProfiledLine,
  profileRows,
} from "./notebook/profile-lines";
export { functionSource, sourceInText } from "./notebook/function-source";
export { type CheckResult, runChecks, type Verdict } from "./notebook/run-checks";
export { showTable, type TableOptions } from "./notebook/table";
export { timeline, type TimelineOptions } from "./notebook/timeline";
export { type Spell } from "./notebook/plots/span";
export { threadFrom } from "./notebook/thread-from";
export { solution, useSolution } from "./notebook/solution";
export { solutionSource } from "./notebook/solution-source";
export { type MapOptions, type MapPoint, worldMap } from "./notebook/world-map";

shortenCellErrors();
watchCells();
keepCellSources();
export * from "./peer/packet-from-socket";
