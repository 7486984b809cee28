/** The room of the notebook: what cells call, and what programs need to read and write notebooks. */
export { check } from "./check";
export { hint } from "./hint";
export { interruptSignal, stoppable } from "./cell/interrupt";
export { liveLine } from "./cell/live-line";
export { threadFrom } from "./cell/thread-from";
export { crawlWithOpenFilesLimit } from "./open-files-limit";
export { coastLines } from "./plots/coastlines";
export { COLOURS } from "./plots/colours";
export { layoutJson, merged, type PlotData, plotText, traceJson } from "./plots/plot-data";
export { escapeHtml, plotHtml, plotParts } from "./plots/plot-html";
export { plot, plotBundle, plotFigure, type PlotOptions, plotSummary } from "./plots/plot";
export type { Span } from "./plots/span";
export { cellText, showTable, tableHtml, type TableOptions, tableText } from "./plots/table";
export { timeline, type TimelineOptions, timelinePlot } from "./plots/timeline";
export { type MapOptions, type MapPoint, worldMap, worldMapPlot } from "./plots/world-map";
export { cpuShares, profileCpu } from "./profile/cpu-profile";
export { functionSource } from "./profile/function-source";
export { lineProfile, type LineProfile, profileLines, profileRows } from "./profile/line-profile";
export { solution, useSolution } from "./solution";
export { librarySource } from "./source/library-source";
export {
  cellSource,
  courseRole,
  type CourseRole,
  declares,
  exerciseOf,
  JUPYTER_FORM,
  losslessJson,
  type Notebook,
  type NotebookCell,
  NotebookFileError,
  parseNotebook,
  readNotebook,
  serializeNotebook,
  setCellSource,
  writeNotebook,
} from "./source/notebook-file";
export { solutionSource } from "./source/solution-source";
