/**
 * The script that every step of a shared crawl is (script.lua): Redis runs it whole or not at all, with nothing in
 * between.
 *
 * A crawl's keys all begin with `{crawl:ID}`, which puts them into one slot of a cluster:
 *
 *  - `:settings` (hash) what all workers hold to, and `runId`: which start of the server they last met
 *  - `:seen` (set) all addresses heard of
 *  - `:todo:ip`, `:todo:tor`, `:todo:i2p` (streams) the addresses that wait or are under way; an entry is
 *    deleted when its visit is there. The consumer group `crawl` knows which worker has which.
 *  - `:results` (stream) visits that nobody has collected
 *  - `:leases` (hash) until when each worker counts as alive, in Unix milliseconds of the server
 *  - `:counts` (hash) `done`, and `done:WORKER`; `:groups` (hash) the addresses of each /24 or /64
 *  - `:over` set when nothing waits and nothing is under way; `:collector` (string, expires) who collects
 *
 * The first line (`#!lua`, Redis 7) makes a server that is full, or read-only, refuse the script as a whole.
 * Without it the script would end at the first write that needs memory, half done.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { LANES } from "../peer/lane";
import { LIB } from "../util/paths";

/** The group of the workers, on each stream of addresses. */
const GROUP = "crawl";

/**
 * A worker that is not heard of for so long, in milliseconds, counts as dead: others take its addresses. The
 * default.
 */
export const LEASE_MS = 5000;

/** So many workers may die while they have an address; then it counts as visited, with the error WORKER_DIED. */
export const MAX_DEATHS = 3;

/**
 * The layout of the keys. Two versions of the course that differ in it cannot share a crawl, so whoever changes
 * what the script reads or writes makes it one more.
 */
export const LAYOUT = 1;

/** How many entries are read or claimed in one command: Lua passes some thousand arguments, not more. */
const CHUNK = 500;

const BODY = `
local LANES = { ${LANES.map((lane) => `'${lane}'`).join(", ")} }
local GROUP, CHUNK, MAX_DEATHS = '${GROUP}', ${CHUNK}, ${MAX_DEATHS}
${readFileSync(path.join(LIB, "frontier", "script.lua"), "utf8")}`;

/** Refused as a whole by a server that is full. */
export const SCRIPT = `#!lua\n${BODY}`;

/** The same for what frees memory, or needs hardly any: a full server runs it too. */
export const SCRIPT_WHEN_FULL = `#!lua flags=allow-oom\n${BODY}`;

/** Which steps a full server must take: these free memory, or keep what is there. */
export const STEPS_WHEN_FULL: ReadonlySet<string> = new Set([
  "renew",
  "collect",
  "stop-collecting",
  "status",
]);

/** Returns what a crawl's keys begin with. */
export function keyPrefix(crawl: string): string {
  return `{crawl:${crawl}}`;
}

/** The names of a crawl's keys after the prefix. */
export const KEYS: readonly string[] = [
  "settings",
  "seen",
  ...LANES.map((lane) => `todo:${lane}`),
  "results",
  "leases",
  "counts",
  "groups",
  "over",
  "collector",
];
