/** Visits and other work in several threads or processes. */
export { fibonacci } from "./fibonacci";
export { packVisit, unpackVisit } from "./packed-visit";
export {
  crawlInProcesses,
  getVersionMessagesMultiprocess,
  type ProcessesOptions,
  ProcessWorker,
} from "./processes";
export { FIBONACCI_SCRIPT, VISIT_SCRIPT } from "./script-paths";
export { SupervisedWorker, visitIn } from "./supervised-worker";
export {
  crawlInThreads,
  fibonacciInThreads,
  getVersionMessagesThreaded,
  type ThreadsOptions,
  ThreadWorker,
} from "./threads";
export { workerCount } from "./worker-handle";
