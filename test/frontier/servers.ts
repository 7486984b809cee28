/** A Redis server for the tests of a file, workers on it, and what these call. */
import {
  ServerConnection,
  type CrawlSettings,
  type FrontierError,
  type FrontierOptions,
  type FrontierServer,
  joinCrawl,
  RedisFrontier,
  serverProgram,
  startFrontierServer,
} from "@course/lib/frontier";
import type { AddressFrontier } from "@course/lib/discovery";
import { addressString, type AddressTuple, PeerError, type Visit } from "@course/lib/peer";
import { now } from "@course/lib/util";
import { afterAll, afterEach, beforeAll } from "vitest";

/** Whether this computer has Redis or Valkey. Without one the tests that need it are left out. */
export const hasServer = serverProgram() !== undefined;

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
  const connection = new ServerConnection(url, crawl);
  const joined = await joinCrawl(connection, name, { network: "practice", ...settings }, seeds);
  return new RedisFrontier(connection, joined, { concurrency: 10, worker: name, ...options });
}

export interface WorkerOptions extends Partial<Omit<FrontierOptions, "worker">> {
  seeds?: AddressTuple[];
  settings?: Partial<CrawlSettings>;
}

/** A visit of an address that has failed. */
export function visitOf(address: AddressTuple): Visit {
  const error = new PeerError("REFUSED", "no program listens at that address");
  return { address, startedAt: now(), endedAt: now(), error };
}

/** Gives the tests of a file a server, and closes after each test what it has opened. */
export function useServer(): {
  connect(crawl: string, url?: string): ServerConnection;
  /** As `worker`, on this server. */
  joined(crawl: string, name: string, options?: WorkerOptions): Promise<RedisFrontier>;
} {
  let redis: FrontierServer;
  const frontiers: RedisFrontier[] = [];
  const connections: ServerConnection[] = [];

  beforeAll(async () => void (hasServer && (redis = await server())));
  afterEach(async () => {
    await Promise.all(frontiers.splice(0).map((frontier) => frontier.close()));
    connections.splice(0).forEach((connection) => connection.close());
  });
  afterAll(() => redis?.stop());

  function connect(crawl: string, url = redis.url): ServerConnection {
    const connection = new ServerConnection(url, crawl);
    connections.push(connection);
    return connection;
  }

  async function joined(crawl: string, name: string, options?: WorkerOptions): Promise<RedisFrontier> {
    const frontier = await worker(redis.url, crawl, name, options);
    frontiers.push(frontier);
    return frontier;
  }

  return { connect, joined };
}

/** Addresses of the tests: they differ in their ports. */
export const address = (i: number): AddressTuple => ["192.0.2.1", 1 + i];
export const addresses = (n: number): AddressTuple[] => Array.from({ length: n }, (_, i) => address(i));

/** Resolves when `isSo`, which may become so by an exchange with a server. */
export async function until(frontier: AddressFrontier, isSo: () => boolean): Promise<void> {
  if (isSo()) return;
  await new Promise<void>((resolve) => frontier.listen!(() => isSo() && resolve()));
}

/** Works until the crawl is over. Returns the addresses that this worker called. */
export async function work(frontier: RedisFrontier): Promise<string[]> {
  const called: string[] = [];
  const step = (): void => {
    for (let one = frontier.next(); one; one = frontier.next()) {
      called.push(addressString(one));
      frontier.finished(one, visitOf(one));
    }
  };
  step();
  await until(frontier, () => {
    step();
    return frontier.isDone;
  });
  return called;
}

/** Resolves to why a crawl was not joined, or to the message "joined". */
export function refusal(joining: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return joining.then(
    () => ({ message: "joined" }),
    ({ code, message }: FrontierError) => ({ code, message }),
  );
}
