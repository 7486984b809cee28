/** `npm run crawl -- --frontier … --status` and `--forget`. */
import { type ServerConnection, crawlStatus, type CrawlStatus, FrontierError } from "@course/lib/frontier";
import { formatCount } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import Table from "cli-table3";
import { setTimeout as sleep } from "node:timers/promises";

/** Rates are those of this time, in milliseconds. */
const RATE_MS = 1000;

/** Shows how far a crawl is, and who works on it. Returns the exit code. */
export async function showStatus(connection: ServerConnection): Promise<number> {
  try {
    const before = await crawlStatus(connection);
    if (!before.state.isOver) await sleep(RATE_MS);
    const after = before.state.isOver ? before : await crawlStatus(connection);
    console.log(statusText(connection, before, after));
    return 0;
  } finally {
    connection.close();
  }
}

/** Returns the state of a crawl as text. The two were read one second apart. */
export function statusText(
  { crawl, shown }: Pick<ServerConnection, "crawl" | "shown">,
  before: CrawlStatus,
  after: CrawlStatus,
): string {
  const { state, workers, collector } = after;
  const { isOver, waiting, underWay, done, heardOf, uncollected } = state;
  const counts = [
    `${formatCount(waiting)} waiting`,
    `${formatCount(underWay)} under way`,
    `${formatCount(done)} done`,
    `${formatCount(heardOf)} heard of`,
    `${formatCount(uncollected)} to collect`,
    ...(isOver ? [] : [`${formatCount(done - before.state.done)}/s`]),
  ];
  const doneBefore = new Map(before.workers.map((worker) => [worker.name, worker.done]));
  const table = new Table({
    head: ["worker", "under way", "done", "per second", ""],
    colAligns: ["left", "right", "right", "right", "left"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const worker of workers) {
    const isDead = worker.leaseLeftMs < 0;
    table.push([
      printable(worker.name),
      formatCount(worker.underWay),
      formatCount(worker.done),
      formatCount(worker.done - (doneBefore.get(worker.name) ?? worker.done)),
      isDead ? "not heard of: others take over" : worker.name === collector ? "collects" : "",
    ]);
  }
  return [
    `Crawl ${printable(crawl)} at ${shown} ${isOver ? "is over" : "goes on"}.`,
    counts.join(" | "),
    ...(workers.length > 0 ? [table.toString()] : [isOver ? "" : "No worker is there."]),
  ]
    .filter(Boolean)
    .join("\n");
}

/**
 * Deletes a crawl. Returns the exit code.
 *
 * @throws FrontierError if somebody works on it, or if the server cannot be used.
 */
export async function forgetCrawl(connection: ServerConnection): Promise<number> {
  try {
    const { state, workers } = await crawlStatus(connection);
    const alive = workers.filter(({ leaseLeftMs }) => leaseLeftMs > 0).length;
    if (alive > 0 && !state.isOver) {
      throw new FrontierError(
        "REFUSED",
        `${formatCount(alive)} workers are at this crawl: stop them first, with Ctrl-C`,
      );
    }
    await connection.deleteKeys();
    const lost =
      state.uncollected > 0 ? `, and ${formatCount(state.uncollected)} visits that nobody has collected` : "";
    console.log(`Deleted crawl ${printable(connection.crawl)} at ${connection.shown}${lost}.`);
    return 0;
  } finally {
    connection.close();
  }
}
