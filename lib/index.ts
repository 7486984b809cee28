/** @course/lib: what the notebooks import, and what everything else here stands on. */
import { shortenCellErrors } from "./notebook/kernel/cell-errors";
import { keepCellSources } from "./notebook/source/cell-sources";
import { watchCells } from "./notebook/kernel/cell-watch";

export * from "./wire/addr";
export * from "./wire/addrv2";
export * from "./peer/address";
export * from "./bitnodes/addresses";
export * from "./peer/get-addresses";
export * from "./util/backups";
export * from "./bitnodes/api";
export * from "./wire/byte-queue";
export * from "./wire/bytes";
export * from "./data/capture-recapture";
export * from "./crawl/concurrently";
export * from "./crawl/crawl";
export * from "./crawl/deadlines";
export * from "./peer/errors";
export * from "./bitnodes/errors";
export * from "./wire/errors";
export * from "./workers/fibonacci";
export * from "./wire/checksum";
export * from "./crawl/map-pool";
export * from "./workers/worker-handle";
export * from "./wire/messages";
export * from "./practice/join";
export * from "./bitnodes/url";
export * from "./wire/network-address";
export * from "./notebook/source/notebook-file";
export * from "./util/files";
export * from "./wire/overlay-hosts";
export * from "./crawl/one-by-one";
export * from "./util/open-files";
export * from "./workers/packed-visit";
export * from "./wire/packet";
export * from "./wire/checksum";
export * from "./wire/packet-reader";
export * from "./peer/handshake";
export * from "./peer/connect";
export * from "./practice";
export * from "./crawl/progress-line";
export * from "./workers/processes";
export * from "./recordings/recordings";
export * from "./data/releases";
export * from "./workers/supervised-worker";
export * from "./wire/services";
export * from "./data/statistics";
export * from "./data/tables";
export * from "./data/tables/database";
export * from "./wire/trailing-bytes";
export * from "./workers/crawl-pool";
export * from "./wire/text";
export * from "./workers/threads";
export * from "./wire/var-int";
export * from "./wire/version-message";
export * from "./peer/visit";
export * from "./util/clock";
export * from "./data/visit-lines";
export * from "./workers/script-paths";
export * from "./exercises/exercises";
export * from "./checks/exercise";
export * from "./peer/greeting";
export { COLOURS } from "./notebook/plots/colours";
export { check, verdictText } from "./notebook/check";
export { crawlWithOpenFilesLimit } from "./notebook/open-files-limit";
export { hint } from "./notebook/hint";
export { interruptSignal, stoppable } from "./notebook/kernel/interrupt";
export { plot, type PlotOptions } from "./notebook/plots/plot";
export { type PlotData, type PlotValues } from "./notebook/plots/plot-data";
export { librarySource } from "./notebook/source/library-source";
export { liveLine } from "./notebook/kernel/live-line";
export { type CpuProfile, type CpuShare, cpuShares, profileCpu } from "./notebook/profile/cpu-profile";
export {
  type LineProfile,
  lineProfile,
  profileLines,
  type ProfiledLine,
  profileRows,
} from "./notebook/profile/line-profile";
export { functionSource, sourceInText } from "./notebook/profile/function-source";
export { type CheckResult, runChecks, type Verdict } from "./checks/run-checks";
export { showTable, type TableOptions } from "./notebook/plots/table";
export { timeline, type TimelineOptions } from "./notebook/plots/timeline";
export { type Span } from "./notebook/plots/span";
export { threadFrom } from "./notebook/kernel/thread-from";
export { solution, useSolution } from "./notebook/solution";
export { solutionSource } from "./notebook/source/solution-source";
export { type MapOptions, type MapPoint, worldMap } from "./notebook/plots/world-map";

shortenCellErrors();
watchCells();
keepCellSources();
export * from "./peer/packet-from-socket";
