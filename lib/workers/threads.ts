/**
 * Visits, crawls and Fibonacci numbers in several threads of this process, with Node.js's `worker_threads`.
 * https://nodejs.org/api/worker_threads.html
 */
import { Worker } from "node:worker_threads";
import type { AddressTuple } from "../peer/address";
import type { CrawlOptions } from "../crawl/crawl";
import { type SpawnWorker, workerCount } from "./worker-handle";
import { SupervisedWorker, visitIn } from "./supervised-worker";
import { crawlInPool } from "./crawl-pool";
import type { Visit } from "../peer/visit";
import { FIBONACCI_SCRIPT, VISIT_SCRIPT } from "./script-paths";

/**
 * A thread that answers requests: `await thread.ask(request)`, and in the end `await thread.end()`.
 * A thread that dies is replaced.
 */
export class ThreadWorker extends SupervisedWorker {
  /** `file` is compiled JavaScript that answers each message with a message: `VISIT_SCRIPT`. */
  constructor(file: string, name = "thread") {
    super(startThread, file, name);
  }
}

/**
 * Visits all addresses in threads that share one queue: a free thread takes the next address.
 * Returns the visits in the order of the addresses.
 */
export async function getVersionMessagesThreaded(
  addresses: AddressTuple[],
  threads: number,
): Promise<Visit[]> {
  const visits: Visit[] = [];
  const queue = addresses.entries();
  const work = async (_: unknown, i: number): Promise<void> => {
    const thread = new ThreadWorker(VISIT_SCRIPT, `thread ${i + 1}`);
    for (const [place, address] of queue) visits[place] = await visitIn(thread, address);
    await thread.end();
  };
  await Promise.all(Array.from({ length: workerCount("threads", threads, addresses.length) }, work));
  return visits;
}

/** Returns the Fibonacci numbers of all `ns`, in their order, computed in threads that share one queue. */
export async function fibonacciInThreads(ns: number[], threads: number): Promise<bigint[]> {
  const values: bigint[] = [];
  const queue = ns.entries();
  const work = async (_: unknown, i: number): Promise<void> => {
    const thread = new ThreadWorker(FIBONACCI_SCRIPT, `thread ${i + 1}`);
    try {
      for (const [place, n] of queue) values[place] = (await thread.ask<bigint>(n)).value;
    } finally {
      await thread.end();
    }
  };
  await Promise.all(Array.from({ length: workerCount("threads", threads, ns.length) }, work));
  return values;
}

/** Options of a crawl in threads. */
export interface ThreadsOptions extends CrawlOptions {
  /** Threads to start, at most. Fewer are started if `concurrency` is lower. */
  threads: number;
}

/**
 * Crawls like `crawl()`, in `threads` threads that share the `concurrency` and one queue.
 *
 * The `worker` of a visit says which thread made it: `thread 1`. A thread that dies is replaced.
 */
export function crawlInThreads(
  addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
  { threads, ...options }: ThreadsOptions,
): AsyncGenerator<Visit, void, undefined> {
  return crawlInPool(addresses, { start: startThread, kind: "thread", count: threads }, options);
}

/** Starts a thread. An error in it is reported when the thread has exited. */
const startThread: SpawnWorker = (file, name, listener) => {
  const worker = new Worker(file, { name, execArgv: [] });
  let reason: string | undefined;
  worker.on("message", (message) => listener.onMessage(message));
  worker.on("error", (error) => (reason = error.message));
  const exited = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      listener.onExit(reason ?? `exit code ${code}`);
      resolve();
    });
  });
  return {
    send: (message) => worker.postMessage(message),
    async end() {
      await worker.terminate();
      await exited;
    },
  };
};
