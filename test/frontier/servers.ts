/** A Redis server for the tests of a file, and workers on it. */
import { type CrawlSettings, Connection, joinCrawl, RedisFrontier } from "@course/lib/frontier";
import { type FrontierOptions, type FrontierServer, startFrontierServer } from "@course/lib/frontier";
import type { AddressTuple, Visit } from "@course/lib/peer";
import { PeerError } from "@course/lib/peer";
import { now } from "@course/lib/util";
import { execFileSync } from "node:child_process";

/** Whether this computer has Redis or Valkey. Without one the tests that need it are left out. */
export const hasServer = ["redis-server", "valkey-server"].some((program) => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

/** Starts a server. It must be stopped. */
export async function server(folder?: string): Promise<FrontierServer> {
  return (await startFrontierServer(folder))!;
}

let crawls = 0;

/** Returns the id of a crawl that no other test has. */
export function newCrawl(): string {
  return `test-${++crawls}`;
}

/** Joins a crawl as a worker; with seeds, begins it. */
export async function worker(
  url: string,
  crawl: string,
  name: string,
  { seeds, settings, ...options }: WorkerOptions = {},
): Promise<RedisFrontier> {
  const connection = new Connection(url, crawl);
  const joined = await joinCrawl(connection, name, { network: "practice", ...settings }, seeds);
  return new RedisFrontier(connection, joined, { concurrency: 10, worker: name, ...options });
}

export interface WorkerOptions extends Partial<Omit<FrontierOptions, "worker">> {
  seeds?: AddressTuple[];
  settings?: Partial<CrawlSettings>;
}

/** A visit of an address that has failed. */
export function visitOf(address: AddressTuple, message = "no program listens at that address"): Visit {
  return { address, startedAt: now(), endedAt: now(), error: new PeerError("REFUSED", message) };
}
