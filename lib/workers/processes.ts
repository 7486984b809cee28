/**
 * Visits and crawls in several processes, with Node.js's `child_process.fork`.
 * https://nodejs.org/api/child_process.html#child_processforkmodulepath-args-options
 */
import { type ChildProcess, fork } from "node:child_process";
import type { AddressTuple } from "../peer/address";
import type { CrawlOptions } from "../crawl/crawl";
import { type SpawnWorker, workerCount } from "./worker-handle";
import { SupervisedWorker, visitIn } from "./supervised-worker";
import { crawlInPool } from "./crawl-pool";
import type { Visit } from "../peer/visit";
import { VISIT_SCRIPT } from "./script-paths";

/**
 * A process that answers requests: `await child.ask(request)`, and in the end `await child.end()`.
 * A process that dies is replaced.
 */
export class ProcessWorker extends SupervisedWorker {
  /** `file` is compiled JavaScript that answers each message with a message: `VISIT_SCRIPT`. */
  constructor(file: string, name = "process") {
    super(startProcess, file, name);
  }
}

/**
 * Visits all addresses in processes that share one queue: a free process takes the next address.
 * Returns the visits in the order of the addresses.
 */
export async function getVersionMessagesMultiprocess(
  addresses: AddressTuple[],
  processes: number,
): Promise<Visit[]> {
  const visits: Visit[] = [];
  const queue = addresses.entries();
  const work = async (_: unknown, i: number): Promise<void> => {
    const child = new ProcessWorker(VISIT_SCRIPT, `process ${i + 1}`);
    for (const [place, address] of queue) visits[place] = await visitIn(child, address);
    await child.end();
  };
  await Promise.all(Array.from({ length: workerCount("processes", processes, addresses.length) }, work));
  return visits;
}

/** Options of a crawl in processes. */
export interface ProcessesOptions extends CrawlOptions {
  /** Processes to start, at most. Fewer are started if `concurrency` is lower. */
  processes: number;
}

/**
 * Crawls like `crawl()`, in `processes` processes that share the `concurrency` and one queue.
 *
 * The `worker` of a visit says which process made it: `process 1`. A process that dies is replaced.
 */
export function crawlInProcesses(
  addresses: Iterable<AddressTuple> | AsyncIterable<AddressTuple>,
  { processes, ...options }: ProcessesOptions,
): AsyncGenerator<Visit, void, undefined> {
  return crawlInPool(addresses, { start: startProcess, kind: "process", count: processes }, options);
}

/**
 * Starts a process, which ends with this one. Its exit is reported at "close", when its last message has
 * arrived; at "exit", messages may still be on their way.
 */
const startProcess: SpawnWorker = (file, _name, listener) => {
  const child = fork(file, {
    serialization: "advanced",
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const reason = exitReason(child);
  child.on("message", (message) => listener.onMessage(message));
  const closed = new Promise<void>((resolve) => {
    child.once("close", (code, signal) => {
      listener.onExit(reason() ?? (signal ? `signal ${signal}` : `exit code ${code}`));
      resolve();
    });
  });
  return {
    send: (message) => void child.send(message as object, () => {}), // ignore send errors: "close" reports the exit
    async end() {
      child.kill("SIGKILL");
      await closed;
    },
  };
};

/** Returns a function that gives the error a process died of, if the process has printed one. */
function exitReason(child: ChildProcess): () => string | undefined {
  let output = "";
  let failure: string | undefined;
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-4000)));
  child.on("error", (error) => (failure ??= error.message));
  return () => failure ?? /^\w*Error: .*|^FATAL ERROR: .*/m.exec(output)?.[0];
}
