/** The compiled files that threads and processes run. They import what they need and no more, so that they start in some tens of milliseconds. */
import path from "node:path";

/** Answers each address with a visit. */
export const VISIT_SCRIPT: string = path.join(__dirname, "scripts", "visit.js");
/** Answers each number with that Fibonacci number. */
export const FIBONACCI_SCRIPT: string = path.join(__dirname, "scripts", "fibonacci.js");
/** Crawls the addresses that it is given, many at a time, and tells of the visits in batches. */
export const CRAWL_SCRIPT: string = path.join(__dirname, "scripts", "crawl.js");
