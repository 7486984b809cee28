/**
 * Collects the visits of all workers of a crawl.
 *
 * One worker collects at a time. A visit is dropped from the server after its collector has asked for the next
 * ones, so when it has been written; a collector that dies in between gets it again. After a restart the server
 * may have visits again that were collected, or an address may have been visited again. So whoever writes them
 * keeps the first visit of an address.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "../wire/text";
import { type ServerConnection, type Reply, rowsOf } from "./server-connection";
import { FrontierError } from "./errors";
import { type CrawlState, noCrawl, stateOf } from "./join";
import { Outage, type OutageOptions } from "./trouble";

/** How many visits are taken at a time. */
const AT_ONCE = 500;
/** Time until it looks again for visits, in milliseconds, and until a failed look is repeated. */
const LOOK_MS = 100;
const RETRY_MS = 250;
/**
 * Another collector that has renewed its lease so often while this one looks on is alive. One that was killed may
 * have sent its last renewal just before.
 */
const SIGNS_OF_LIFE = 2;

/** Collecting fails when the server has been unusable for `giveUpMs`. */
export interface CollectOptions extends OutageOptions {
  /** This worker's name. */
  worker: string;
  signal: AbortSignal;
}

/** Visits as lines (data/visit-lines.ts), and the state of the crawl when they were taken. */
export interface Collected {
  lines: string[];
  state: CrawlState;
}

/**
 * Yields the visits of a crawl, until it is over and all are collected, or `signal` is aborted.
 *
 * What was yielded counts as written when the loop asks for the next ones: it has to be on the disk by then.
 *
 * @throws FrontierError OTHER_COLLECTOR if another worker collects, NO_CRAWL, or LOST.
 */
export async function* collect(
  connection: ServerConnection,
  { worker, signal, ...options }: CollectOptions,
): AsyncGenerator<Collected, void, undefined> {
  let upTo = "";
  const outage = new Outage(connection.shown, options);
  const other = new OtherCollector();
  try {
    while (!signal.aborted) {
      let reply: Reply[];
      try {
        reply = await connection.run("collect", worker, AT_ONCE, upTo);
        outage.noteSuccess();
      } catch (error) {
        const { message } = outage.noteFailure(error);
        if (outage.isTooLong) throw new FrontierError("LOST", message);
        await pause(RETRY_MS, signal);
        continue;
      }
      const [outcome] = reply;
      if (outcome === "none") throw noCrawl(connection);
      if (outcome === "other") {
        const [, name, aliveUntil] = reply as [string, string, number];
        if (other.isAlive(name, aliveUntil)) throw otherCollector(name);
        await pause(RETRY_MS, signal);
        continue;
      }
      const [, counts, results] = reply as [string, Reply[], Reply[]];
      const entries = rowsOf<[id: string, line: string]>(results, 2);
      const state = stateOf(counts);
      yield { lines: entries.map(([, line]) => line), state };
      upTo = entries.length > 0 ? after(entries[entries.length - 1][0]) : "";
      if (entries.length > 0) continue;
      if (state.isOver) return;
      await pause(LOOK_MS, signal);
    }
    // What was yielded last is written, too. If the server does not hear of it, it gives it out again.
    if (upTo !== "") await connection.run("collect", worker, 1, upTo).catch(() => {});
  } finally {
    await connection.run("stop-collecting", worker).catch(() => {});
  }
}

/** Tells whether another collector is alive, or its lease only has not run out yet. */
class OtherCollector {
  private lease = "";
  private renewals = -1;

  /** Notes who collects, and until when it counts as alive. Returns whether it has renewed that meanwhile. */
  isAlive(name: string, aliveUntil: number): boolean {
    const lease = `${name} ${aliveUntil}`;
    if (lease !== this.lease) this.renewals++;
    this.lease = lease;
    return this.renewals >= SIGNS_OF_LIFE;
  }
}

/** Returns the id after `id`: `1764412345678-3` for `1764412345678-2`. */
function after(id: string): string {
  const [ms, sequence] = id.split("-");
  return `${ms}-${Number(sequence) + 1}`;
}

function otherCollector(name: string): FrontierError {
  return new FrontierError(
    "OTHER_COLLECTOR",
    `another worker collects this crawl's visits (${printable(name)}): leave out --json, --resume, --snapshot and --parquet here`,
  );
}

/** Resolves after a time in milliseconds, or when `signal` is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
