/**
 * The same work in several processes: Node.js's `child_process.fork`.
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

/** A process that can be asked: `await child.ask(question)`, and in the end `await child.end()`. One that dies is replaced. */
export class ProcessWorker extends SupervisedWorker {
  /** `file` is compiled JavaScript that answers each message with one. */
  constructor(file: string, name = "process") {
    super(startProcess, file, name);
  }
}

/** The visits of all addresses, in their order, by processes that share one queue: a process that is done takes the next address. */
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

/** How many processes crawl, and how. */
export interface ProcessesOptions extends CrawlOptions {
  processes: number;
}

/** What `crawl()` gives, by `processes` processes that share the `concurrency` and one queue. `worker` says which: `process 1`. A process that dies is replaced. */
export function crawlInProcesses(
  addresses: Iterable<AddressTuple>,
  { processes, ...options }: ProcessesOptions,
): AsyncGenerator<Visit, void, undefined> {
  return crawlInPool(addresses, { start: startProcess, kind: "process", count: processes }, options);
}

/** Starts a process, which ends with this one. It counts as gone when its last message is here too. */
const startProcess: SpawnWorker = (file, _name, listener) => {
  const child = fork(file, {
    serialization: "advanced",
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const reason = exitReason(child);
  child.on("message", (message) => listener.onMessage(message));
  const gone = new Promise<void>((resolve) => {
    child.once("close", (code, signal) => {
      listener.onExit(reason() ?? (signal ? `signal ${signal}` : `exit code ${code}`));
      resolve();
    });
  });
  return {
    send: (message) => void child.send(message as object, () => {}), // that it is gone is heard of otherwise
    async end() {
      child.kill("SIGKILL");
      await gone;
    },
  };
};

/** Gives the error that a process ended with: its name and message, as far as it said. */
function exitReason(child: ChildProcess): () => string | undefined {
  let said = "";
  let failure: string | undefined;
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
  child.on("error", (error) => (failure ??= error.message));
  return () => failure ?? /^\w*Error: .*|^FATAL ERROR: .*/m.exec(said)?.[0];
}
