/**
 * Counts the threads and processes that some code starts, as Node.js itself reports them.
 * https://nodejs.org/api/diagnostics_channel.html#worker-thread
 */
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Worker } from "node:worker_threads";

/** A thread or a process. */
export interface StartedWorker {
  kind: "thread" | "process";
  isAlive: boolean;
  /** Resolves when it has exited. */
  gone: Promise<void>;
  /** Ends it from outside, as the system does when memory runs out. */
  kill(): void;
  /** Messages that it was sent. */
  requests: number;
  /** Messages that it was sent and has not answered. */
  unanswered: number;
}

export class WorkerWatch {
  /** In the order of their starts. */
  readonly started: StartedWorker[] = [];
  /** The most workers that were alive at the same time. */
  mostAlive = 0;
  /** The most workers that had a message to answer at the same time. */
  mostBusy = 0;
  /** The most messages that one worker had to answer at the same time. */
  mostUnanswered = 0;
  /**
   * The fewest messages that all workers together had been sent when one of them answered while another,
   * which had answered before, had nothing to do or had ended. Infinity if that never happened.
   */
  requestsWhileIdle = Infinity;

  private readonly onThread = (message: unknown) => this.addThread((message as { worker: Worker }).worker);
  private readonly onProcess = (message: unknown) =>
    this.addProcess((message as { process: ChildProcess }).process);

  /** Watches until `signal` is aborted. */
  constructor(signal: AbortSignal) {
    subscribe("worker_threads", this.onThread);
    subscribe("child_process", this.onProcess);
    signal.addEventListener("abort", () => this.end(), { once: true });
  }

  /** Stops watching, and ends the workers that are still alive. */
  end(): void {
    unsubscribe("worker_threads", this.onThread);
    unsubscribe("child_process", this.onProcess);
    this.alive.forEach((worker) => worker.kill());
  }

  get alive(): StartedWorker[] {
    return this.started.filter(({ isAlive }) => isAlive);
  }

  /** Messages that all workers together have been sent. */
  get requests(): number {
    return this.started.reduce((sum, { requests }) => sum + requests, 0);
  }

  private addThread(thread: Worker): void {
    const worker = this.add("thread", thread, () => void thread.terminate());
    onEachCall(thread, "postMessage", () => this.onRequest(worker));
  }

  private addProcess(child: ChildProcess): void {
    const worker = this.add("process", child, () => child.kill("SIGKILL"));
    onEachCall(child, "send", () => this.onRequest(worker));
  }

  private add(kind: StartedWorker["kind"], emitter: Worker | ChildProcess, kill: () => void): StartedWorker {
    const gone = new Promise<void>((resolve) => {
      emitter.once("exit", () => {
        Object.assign(worker, { isAlive: false, unanswered: 0 });
        resolve();
      });
    });
    const worker: StartedWorker = { kind, isAlive: true, gone, kill, requests: 0, unanswered: 0 };
    emitter.on("message", () => this.onAnswer(worker));
    this.started.push(worker);
    this.mostAlive = Math.max(this.mostAlive, this.alive.length);
    return worker;
  }

  private onRequest(worker: StartedWorker): void {
    worker.requests++;
    worker.unanswered++;
    this.mostUnanswered = Math.max(this.mostUnanswered, worker.unanswered);
    this.mostBusy = Math.max(this.mostBusy, this.alive.filter(({ unanswered }) => unanswered > 0).length);
  }

  private onAnswer(worker: StartedWorker): void {
    worker.unanswered = Math.max(0, worker.unanswered - 1);
    // One that has ended is idle, too: nobody will give it an address any more.
    const others = this.started.filter((other) => other !== worker && other.requests > 0);
    if (others.some(({ unanswered }) => unanswered === 0))
      this.requestsWhileIdle = Math.min(this.requestsWhileIdle, this.requests);
  }
}

type Method = (...args: unknown[]) => unknown;

/**
 * Calls `onCall` before each call of a method.
 * The object may get the method later, as a process gets `send` when its channel is set up.
 */
function onEachCall(target: object, name: string, onCall: () => void): void {
  let method = (target as Record<string, Method | undefined>)[name];
  const watched = (...args: unknown[]): unknown => {
    onCall();
    return method?.apply(target, args);
  };
  Object.defineProperty(target, name, {
    configurable: true,
    get: () => method && watched,
    set: (given: Method | undefined) => (method = given),
  });
}
