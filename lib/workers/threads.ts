/**
 * The same work in several threads of this process: Node.js's `worker_threads`.
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

/** A thread that can be asked: `await thread.ask(question)`, and in the end `await thread.end()`. One that dies is replaced. */
export class ThreadWorker extends SupervisedWorker {
  /** `file` is compiled JavaScript that answers each message with one. */
  constructor(file: string, name = "thread") {
    super(startThread, file, name);
  }
}

/** The visits of all addresses, in their order, by threads that share one queue: a thread that is done takes the next address. */
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

/** The Fibonacci numbers of all `ns`, in their order, computed by threads that share one queue. */
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

/** How many threads crawl, and how. */
export interface ThreadsOptions extends CrawlOptions {
  threads: number;
}

/** What `crawl()` gives, by `threads` threads that share the `concurrency` and one queue. `worker` says which: `thread 1`. A thread that dies is replaced. */
export function crawlInThreads(
  addresses: Iterable<AddressTuple>,
  { threads, ...options }: ThreadsOptions,
): AsyncGenerator<Visit, void, undefined> {
  return crawlInPool(addresses, { start: startThread, kind: "thread", count: threads }, options);
}

/** Starts a thread. What kills it is heard of when it is gone, not before. */
const startThread: SpawnWorker = (file, name, listener) => {
  const worker = new Worker(file, { name, execArgv: [] });
  let reason: string | undefined;
  worker.on("message", (message) => listener.onMessage(message));
  worker.on("error", (error) => (reason = error.message));
  const gone = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      listener.onExit(reason ?? `exit code ${code}`);
      resolve();
    });
  });
  return {
    send: (message) => worker.postMessage(message),
    async end() {
      await worker.terminate();
      await gone;
    },
  };
};
