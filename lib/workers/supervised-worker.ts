/**
 * A thread or process that answers requests one at a time, and is replaced when it dies.
 *
 * A worker may crash, be killed or run out of memory. A new one is started and given the same request
 * once more. If that one dies too, the request fails with WORKER_DIED. When the cell is interrupted, the worker
 * is ended, and the request fails with AbortError; a later request starts a new one.
 */
import type { AddressTuple } from "../peer/address";
import { isInterrupt, onInterrupt } from "../kernel/interrupt";
import { PEER_ERRORS, PeerError } from "../peer/errors";
import type { WorkerHandle, SpawnWorker } from "./worker-handle";
import { type PackedVisit, unpackVisit } from "./packed-visit";
import { now } from "../util/clock";
import type { Visit } from "../peer/visit";

/** A worker's answer to a request. Times are in milliseconds, by the clock that visits have. */
export interface WorkerResult<T> {
  value: T;
  worker: string;
  startedAt: number;
  endedAt: number;
}

interface PendingRequest {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class SupervisedWorker {
  private worker: WorkerHandle | undefined;
  private pending: PendingRequest | undefined;
  private isEnded = false;
  /** Resolves when all requests so far are answered. */
  private queue: Promise<unknown> = Promise.resolve();

  /** The worker runs `file`. `name` is the `worker` of its results. */
  constructor(
    private readonly start: SpawnWorker,
    private readonly file: string,
    readonly name: string,
  ) {
    this.spawn();
  }

  /**
   * Sends a request when the requests before it are answered, and resolves to the worker's answer.
   *
   * @throws PeerError WORKER_DIED if the worker dies during the request, and the new one too.
   * @throws AbortError if the cell is interrupted.
   */
  async ask<T>(request: unknown): Promise<WorkerResult<T>> {
    const result = this.queue.then(() => this.askTwice(request));
    this.queue = result.catch(() => {});
    return { ...((await result) as WorkerResult<T>), worker: this.name };
  }

  /** Ends the worker. Resolves when it has exited. Requests that are not answered reject. */
  async end(): Promise<void> {
    this.isEnded = true;
    await this.worker?.end();
  }

  private askTwice(request: unknown): Promise<unknown> {
    return this.askOnce(request).catch((error: Error) => {
      if (this.isEnded || isInterrupt(error)) throw error;
      return this.askOnce(request);
    });
  }

  private askOnce(request: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.isEnded) return reject(workerDied(`${this.name} was ended`));
      this.pending = { resolve, reject };
      this.spawn().send(request);
    });
  }

  /** Returns the worker, after starting one if there is none. */
  private spawn(): WorkerHandle {
    if (this.worker) return this.worker;
    let forget = (): void => {};
    const worker = this.start(this.file, this.name, {
      onMessage: (result) => this.pending?.resolve(result),
      onExit: (reason) => {
        forget();
        this.worker = undefined;
        this.pending?.reject(workerDied(`${this.name}: ${reason}`));
      },
    });
    this.worker = worker;
    forget = onInterrupt((reason) => {
      this.pending?.reject(reason);
      void worker.end();
    });
    return worker;
  }
}

/** Returns the error of a request whose workers have died. `reason` says which worker, and of what. */
export function workerDied(reason: string): PeerError {
  return new PeerError("WORKER_DIED", `${PEER_ERRORS.WORKER_DIED} (${reason})`);
}

/**
 * Visits an address in a worker that runs `VISIT_SCRIPT`.
 * Like `visit`, it rejects only when the cell is interrupted: a failed visit has an `error`.
 */
export async function visitIn(worker: SupervisedWorker, address: AddressTuple): Promise<Visit> {
  const startedAt = now();
  try {
    const { value } = await worker.ask<PackedVisit>(address);
    return unpackVisit(value, worker.name);
  } catch (error) {
    if (isInterrupt(error)) throw error;
    return { address, worker: worker.name, startedAt, endedAt: now(), error: error as PeerError };
  }
}
