/** The kernel: tslab put together from its own parts, and what it offers to the library. */
export { adviseOn } from "./advice";
export { type ErrorReport, reportDiagnostics, reportError } from "./error-report";
export { withoutExports } from "./exports";
