/**
 * The part `frontier`: what a shared crawl costs its Redis server, and what more machines bring.
 *
 *  1. exchanges as full as workers make them: 250 visits delivered, a thousand addresses mentioned, a quarter
 *     of them new
 *  2. the memory that a million addresses need
 *  3. the time from a worker's death until another one has its addresses
 *  4. crawls of a practice network at real latencies by one, two and four processes, 250 calls at a time each
 *
 * The server, its clients and the peers share this machine.
 */
import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { isOnLoopback } from "@course/lib/discovery";
import {
  askServer,
  beginCrawl,
  ServerConnection,
  type FrontierServer,
  HOW_TO_INSTALL,
  joinCrawl,
  LEASE_MS,
  startFrontierServer,
  startMachine,
} from "@course/lib/frontier";
import { addressString, type AddressTuple } from "@course/lib/peer";
import { startPracticeNetwork } from "@course/lib/practice";
import { formatCount } from "@course/lib/util";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { type Report, target } from "./report";

interface FrontierBench {
  peers: number;
  log: (text: string) => void;
}

const WORKERS = [1, 4, 16];
const MACHINES = [1, 2, 4];
const CALLS_EACH = 250;
const VISITS = 250;
const MENTIONS = 1000;
const NEW_SHARE = 0.25;
const MEASURE_MS = 3000;
const MILLION = 1_000_000;
/** A practice network of this size is crawled; all its gossip names some six times as many addresses. */
const MOST_PEERS = 2000;

/** Bytes for an address, and visits a second with 16 workers: what a live crawl needs many times over. */
const TARGETS = { bytes: 300, visits: 5000, takeOverMs: LEASE_MS + 1000 };

/** Measures a Redis server and crawls that share it. */
export async function frontier({ peers, log }: FrontierBench): Promise<Report> {
  const server = await startFrontierServer();
  if (!server) throw new Error(`there is no Redis server on this machine. ${HOW_TO_INSTALL}`);
  try {
    const exchanges = [];
    for (const workers of WORKERS) {
      log(`${workers} workers`);
      exchanges.push({ workers, ...(await exchangeRate(server, workers)) });
    }
    log("a million addresses");
    const bytes = await bytesPerAddress(server);
    log("a death");
    const takeOverMs = await timeToTakeOver(server);
    const crawls = await crawlTimes(server, Math.min(peers, MOST_PEERS), log);
    return report(exchanges, bytes, takeOverMs, crawls);
  } finally {
    await server.stop();
  }
}

/** A worker that speaks to the server without calling anybody. */
class Worker {
  private taken: string[] = [];
  visits = 0;
  mentions = 0;

  private constructor(
    private readonly connection: ServerConnection,
    private readonly name: string,
  ) {}

  /** Joins the crawl; whoever comes first begins it. */
  static async join(url: string, crawl: string, name: string): Promise<Worker> {
    const connection = new ServerConnection(url, crawl);
    const bounds = { network: "practice", maxAddresses: 10 * MILLION, maxResults: Infinity };
    await joinCrawl(connection, name, bounds, [numbered(0)]);
    return new Worker(connection, name);
  }

  /** Delivers what it took before, mentions these addresses, and takes `room` others. Returns how many it got. */
  async exchange(room: number, mentioned: readonly AddressTuple[]): Promise<number> {
    const line = JSON.stringify({ visit: "x".repeat(600) });
    const finished = this.taken;
    const [, , taken] = await this.connection.run(
      "exchange",
      this.name,
      this.connection.runId,
      0,
      room,
      0,
      0,
      finished.length / 2,
      ...finished.flatMap((word, i) => (i % 2 === 0 ? ["ip", word, finished[i + 1], line] : [])),
      ...mentioned.flatMap((address) => ["ip", addressString(address), ""]),
    );
    this.visits += finished.length / 2;
    this.mentions += mentioned.length;
    this.taken = (taken as string[]).filter((_, i) => i % 4 === 1 || i % 4 === 2);
    return this.taken.length / 2;
  }

  close(): void {
    this.connection.close();
  }
}

function numbered(i: number): AddressTuple {
  return [[10 + (i >>> 24), (i >>> 16) & 255, (i >>> 8) & 255, i & 255].join("."), 8333];
}

/** Resolves to visits and mentions a second through the script. */
async function exchangeRate(
  { url }: FrontierServer,
  count: number,
): Promise<{ visits: number; mentions: number }> {
  const crawl = `bench-${count}`;
  const names = Array.from({ length: count }, (_, i) => `worker ${i + 1}`);
  const workers = await Promise.all(names.map((name) => Worker.join(url, crawl, name)));
  let next = 1;
  const mentioned = (): AddressTuple[] =>
    Array.from({ length: MENTIONS }, () =>
      numbered(Math.random() < NEW_SHARE ? next++ : Math.floor(Math.random() * next)),
    );
  const began = performance.now();
  const isOver = (): boolean => performance.now() - began > MEASURE_MS;
  const work = async (worker: Worker): Promise<void> => {
    while (!isOver()) await worker.exchange(VISITS, mentioned());
  };
  await Promise.all(workers.map(work));
  const seconds = (performance.now() - began) / 1000;
  const sum = (key: "visits" | "mentions"): number => workers.reduce((all, worker) => all + worker[key], 0);
  const rates = { visits: sum("visits") / seconds, mentions: sum("mentions") / seconds };
  workers.forEach((worker) => worker.close());
  await forget(url, crawl);
  return rates;
}

async function forget(url: string, crawl: string): Promise<void> {
  const connection = new ServerConnection(url, crawl);
  await connection.deleteKeys();
  connection.close();
}

async function usedMemory(url: string): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(String(await askServer(url, "INFO", "memory")))![1]);
}

async function bytesPerAddress({ url }: FrontierServer): Promise<number> {
  await askServer(url, "CONFIG", "SET", "maxmemory", 0);
  const before = await usedMemory(url);
  const worker = await Worker.join(url, "bench-memory", "worker");
  const each = 2000;
  for (let i = 0; i < MILLION; i += each) {
    await worker.exchange(
      0,
      Array.from({ length: each }, (_, k) => numbered(i + k)),
    );
  }
  const bytes = ((await usedMemory(url)) - before) / MILLION;
  worker.close();
  await forget(url, "bench-memory");
  return bytes;
}

/** Resolves to the time from the last word of a worker until another one has its addresses, in milliseconds. */
async function timeToTakeOver({ url }: FrontierServer): Promise<number> {
  const mortal = await Worker.join(url, "bench-death", "mortal");
  await mortal.exchange(
    0,
    Array.from({ length: 250 }, (_, i) => numbered(i)),
  );
  await mortal.exchange(250, []);
  const died = performance.now();
  mortal.close();
  const heir = await Worker.join(url, "bench-death", "heir");
  while ((await heir.exchange(250, [])) === 0) await sleep(100); // as often as workers ask
  const ms = performance.now() - died;
  heir.close();
  await forget(url, "bench-death");
  return ms;
}

interface CrawlTime {
  machines: number;
  seconds: number;
  addresses: number;
}

async function crawlTimes(
  { url }: FrontierServer,
  peers: number,
  log: (text: string) => void,
): Promise<CrawlTime[]> {
  const times: CrawlTime[] = [];
  for (const machines of MACHINES) {
    log(`${machines} machines crawl ${formatCount(peers)} peers`);
    const network = await startPracticeNetwork({ peers });
    const crawl = `bench-crawl-${machines}`;
    try {
      const { body } = await request(new URL("snapshots/latest/", network.api));
      const { nodes } = (await body.json()) as { nodes: Parameters<typeof nodesToAddressTuples>[0] };
      const seeds = nodesToAddressTuples(nodes).filter(isOnLoopback).slice(0, 100);
      await beginCrawl(url, crawl, seeds);
      const began = performance.now();
      const all = Array.from({ length: machines }, (_, i) =>
        startMachine(url, crawl, `machine ${i + 1}`, { concurrency: CALLS_EACH }),
      );
      await Promise.all(all.map(({ ended }) => ended));
      const seconds = (performance.now() - began) / 1000;
      times.push({
        machines,
        seconds,
        addresses: Number(await askServer(url, "SCARD", `{crawl:${crawl}}:seen`)),
      });
    } finally {
      await network.close();
      await forget(url, crawl);
    }
  }
  return times;
}

function report(
  exchanges: { workers: number; visits: number; mentions: number }[],
  bytes: number,
  takeOverMs: number,
  crawls: CrawlTime[],
): Report {
  const whole = (n: number): string => formatCount(Math.round(n));
  const [alone] = crawls;
  return {
    head: ["a shared crawl", "figure", ""],
    rows: [
      ...exchanges.map(({ workers, visits, mentions }) => [
        `${workers} workers, through the script`,
        `${whole(visits)} visits/s`,
        `${whole(mentions)} mentions/s`,
      ]),
      ["a million addresses", `${whole(bytes)} bytes each`, ""],
      ["from a death to the take-over", `${(takeOverMs / 1000).toFixed(1)} s`, ""],
      ...crawls.map(({ machines, seconds, addresses }) => [
        `${machines} machines, ${CALLS_EACH} calls each, ${whole(addresses)} addresses`,
        `${seconds.toFixed(1)} s`,
        `${(seconds / alone.seconds).toFixed(2)} of one`,
      ]),
    ],
    targets: [
      target(
        "visits a second, 16 workers",
        exchanges[exchanges.length - 1].visits,
        { least: TARGETS.visits },
        0,
      ),
      target("bytes an address", bytes, { most: TARGETS.bytes }, 0),
      target("milliseconds to take over", takeOverMs, { most: TARGETS.takeOverMs }, 0),
    ],
    figures: { exchanges, bytes, takeOverMs, crawls },
  };
}
