/** The state of a shared crawl, as `npm run crawl -- --status` shows it. */
import { type ServerConnection, type Reply, rowsOf } from "./server-connection";
import { type CrawlSettings, type CrawlState, noCrawl, readSettings, stateOf } from "./join";

export interface WorkerStatus {
  name: string;
  underWay: number;
  done: number;
  /** How long it counts as alive without being heard of, in milliseconds; below 0 if it has died. */
  leaseLeftMs: number;
}

export interface CrawlStatus {
  state: CrawlState;
  settings: CrawlSettings;
  workers: WorkerStatus[];
  /** The name of the worker that collects; undefined if none does. */
  collector?: string;
}

/**
 * Reads the state of a crawl.
 *
 * @throws FrontierError NO_CRAWL if there is none, or what the connection says.
 */
export async function crawlStatus(connection: ServerConnection): Promise<CrawlStatus> {
  const [outcome, counts, workers, collector, settings] = (await connection
    .run("status", "")
    .catch(connection.explain)) as [string, Reply[], Reply[], string, string[]];
  if (outcome === "none") throw noCrawl(connection);
  return {
    state: stateOf(counts),
    settings: readSettings(settings).settings,
    workers: workersOf(workers),
    ...(collector && { collector }),
  };
}

function workersOf(fields: Reply[]): WorkerStatus[] {
  const rows = rowsOf<[name: string, underWay: number, done: number, leaseLeftMs: number]>(fields, 4);
  const workers = rows.map(([name, underWay, done, leaseLeftMs]) => ({ name, underWay, done, leaseLeftMs }));
  return workers.sort((a, b) => (a.name < b.name ? -1 : 1));
}
