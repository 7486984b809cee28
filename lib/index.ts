/** @course/lib: what the notebooks import, and what everything else here stands on. */
import { shortenCellErrors } from "./notebook/cell-errors";

export * from "./addr";
export * from "./addr-v2";
export * from "./addresses";
export * from "./bitnodes";
export * from "./byte-queue";
export * from "./bytes";
export * from "./crawl";
export * from "./errors";
export * from "./has-checksum";
export * from "./messages";
export * from "./network";
export * from "./network-address";
export * from "./notebook-file";
export * from "./overlay-hosts";
export * from "./packet";
export * from "./peer";
export * from "./practice";
export * from "./recordings";
export * from "./services";
export * from "./tail";
export * from "./text";
export * from "./var-int";
export * from "./version-message";
export * from "./visit";
export * from "./exercises";
export * from "./exercises/exercise";
export * from "./greeting";
export { check, verdictText } from "./notebook/check";
export { hint } from "./notebook/hint";
export { interruptSignal, stoppable } from "./notebook/interrupt";
export { liveLine } from "./notebook/progress";
export { type CheckResult, runChecks, type Verdict } from "./notebook/run-checks";
export { solution, useSolution } from "./notebook/solution";
export { solutionSource } from "./notebook/solution-source";

shortenCellErrors();
