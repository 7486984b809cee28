/**
 * The compiled files that workers run. They import only what they need, never lib/index.ts, so that a worker
 * starts in some tens of milliseconds.
 */
import path from "node:path";

/** Answers each address with a visit. */
export const VISIT_SCRIPT: string = path.join(__dirname, "scripts", "visit.js");
/** Answers each number n with the nth Fibonacci number. */
export const FIBONACCI_SCRIPT: string = path.join(__dirname, "scripts", "fibonacci.js");
/** Crawls the addresses that it receives, and sends the visits in batches. */
export const CRAWL_SCRIPT: string = path.join(__dirname, "scripts", "crawl.js");
