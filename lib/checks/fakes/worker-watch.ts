/**
 * Which threads and processes some code starts, as Node.js itself tells of them.
 * https://nodejs.org/api/diagnostics_channel.html#worker-thread
 */
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Worker } from "node:worker_threads";

/** A thread or a process. */
export interface StartedWorker {
  kind: "thread" | "process";
  isAlive: boolean;
  /** Resolves when it is gone. */
  gone: Promise<void>;
  /** Ends it from outside, as a system does that is short of memory. */
  kill(): void;
  /** How many messages it was sent that it has not answered. */
  owes: number;
}

export class WorkerWatch {
  /** In the order of their starts. */
  readonly started: StartedWorker[] = [];
  /** How many were alive at the same time, at the most. */
  mostAlive = 0;
  /** How many had a message to answer at the same time, at the most. */
  mostBusy = 0;

  /** Watches until `over` is aborted, and ends what is alive then. */
  constructor(signal: AbortSignal) {
    const onThread = (message: unknown) => this.addThread((message as { worker: Worker }).worker);
    const onProcess = (message: unknown) => this.addProcess((message as { process: ChildProcess }).process);
    subscribe("worker_threads", onThread);
    subscribe("child_process", onProcess);
    signal.addEventListener("abort", () => {
      unsubscribe("worker_threads", onThread);
      unsubscribe("child_process", onProcess);
      this.alive.forEach((worker) => worker.kill());
    });
  }

  get alive(): StartedWorker[] {
    return this.started.filter(({ isAlive }) => isAlive);
  }

  private addThread(worker: Worker): void {
    const started = this.add(
      "thread",
      () => void worker.terminate(),
      (gone) => worker.once("exit", gone),
    );
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message: unknown, ...rest: unknown[]) => {
      this.asked(started);
      post(message, ...(rest as []));
    };
    worker.on("message", () => started.owes--);
  }

  private addProcess(child: ChildProcess): void {
    this.add(
      "process",
      () => child.kill("SIGKILL"),
      (gone) => child.once("exit", gone),
    );
  }

  private add(
    kind: StartedWorker["kind"],
    kill: () => void,
    onGone: (gone: () => void) => void,
  ): StartedWorker {
    const worker: StartedWorker = { kind, isAlive: true, gone: Promise.resolve(), kill, owes: 0 };
    worker.gone = new Promise((resolve) => {
      onGone(() => {
        Object.assign(worker, { isAlive: false, owes: 0 });
        resolve();
      });
    });
    this.started.push(worker);
    this.mostAlive = Math.max(this.mostAlive, this.alive.length);
    return worker;
  }

  private asked(worker: StartedWorker): void {
    worker.owes++;
    this.mostBusy = Math.max(this.mostBusy, this.alive.filter(({ owes }) => owes > 0).length);
  }
}
