/**
 * The files that workers run: those in scripts/, compiled, each with all that it imports (scripts/run.cjs). They
 * import only what they need, never lib/index.ts, so that a worker starts in some tens of milliseconds.
 */
import path from "node:path";

/** Answers each address with a visit. */
export const VISIT_SCRIPT: string = path.join(__dirname, "bundled", "visit.js");
/** Answers each number n with the nth Fibonacci number. */
export const FIBONACCI_SCRIPT: string = path.join(__dirname, "bundled", "fibonacci.js");
/** Crawls the addresses that it receives, and sends the visits in batches. */
export const CRAWL_SCRIPT: string = path.join(__dirname, "bundled", "crawl.js");
