/** @course/lib: what the notebooks import, and what everything else here stands on. */
export * from "./addresses";
export * from "./bitnodes";
export * from "./bytes";
export * from "./crawl";
export * from "./errors";
export * from "./network";
export * from "./network-address";
export * from "./notebook-file";
export * from "./packet";
export * from "./peer";
export * from "./recordings";
export * from "./services";
export * from "./var-int";
export * from "./version-message";
export * from "./visit";
export * from "./exercises/exercise";
export { interruptSignal, stoppable } from "./notebook/interrupt";
export { liveLine } from "./notebook/progress";
