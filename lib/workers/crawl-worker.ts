/**
 * One slot of the crawl pool: its unfinished tasks, and the worker that has them. After a death, the next
 * tasks start a new worker in the same slot.
 */
import { type AddressTuple, addressString } from "../peer/address";
import { ProxyError } from "../peer/proxy";
import type { WorkerHandle, SpawnWorker } from "./worker-handle";
import { unpackVisit } from "./packed-visit";
import type { Visit } from "../peer/visit";
import { CRAWL_SCRIPT } from "./script-paths";
import type { WorkerSettings, FromCrawler, ToCrawler } from "./crawl-messages";

/** An address to visit. */
export interface Task {
  address: AddressTuple;
  /** The number of its lane in the crawl. */
  lane: number;
  /** How many workers have died while they had it. */
  attemptsLost: number;
  /** When the address was taken from its source, in milliseconds of `now()`. */
  assignedAt: number;
}

/** What a CrawlWorker needs of its pool. */
export interface CrawlWorkerListener {
  /** Called when the worker can take messages. */
  onStarted(): void;
  /** Called when visits are over. */
  onVisits(visits: Visit[]): void;
  /** Called when the worker has exited, with its unfinished tasks. `reason` is e.g. `exit code 1`. */
  onWorkerExit(worker: CrawlWorker, tasks: Task[], hadStarted: boolean, reason: string): void;
  /** Called when the worker cannot crawl. */
  onFailure(error: unknown): void;
}

export class CrawlWorker {
  private worker: WorkerHandle | undefined;
  private hasStarted = false;
  /** Tasks the worker has not finished, by address. An address may have several. */
  private tasks = new Map<string, Task[]>();
  private unsent: AddressTuple[] = [];
  /** How many tasks of each lane the worker has. */
  private loads: number[];

  constructor(
    private readonly start: SpawnWorker,
    readonly name: string,
    private readonly settings: WorkerSettings,
    /** How many visits of each lane it makes at a time. */
    private readonly shares: readonly number[],
    private readonly listener: CrawlWorkerListener,
  ) {
    this.loads = shares.map(() => 0);
  }

  /** Whether the worker has no task. */
  get isIdle(): boolean {
    return this.tasks.size === 0;
  }

  /**
   * Returns how many more tasks of a lane the worker may have. It gets a quarter more than it makes at a time, so
   * that it has addresses left while a message is on its way.
   */
  room(lane: number): number {
    const share = this.shares[lane];
    return share + Math.floor(share / 4) - this.loads[lane];
  }

  /** Adds a task, for `send` to send. */
  take(task: Task): void {
    const key = addressString(task.address);
    const same = this.tasks.get(key);
    if (same) same.push(task);
    else this.tasks.set(key, [task]);
    this.unsent.push(task.address);
    this.loads[task.lane]++;
  }

  /** Sends the addresses that were taken. Starts a worker if there is none. */
  send(): void {
    if (this.unsent.length === 0) return;
    this.worker ??= this.spawn();
    this.worker.send({ addresses: this.unsent } satisfies ToCrawler);
    this.unsent = [];
  }

  /** Resolves when the worker has exited. */
  async end(): Promise<void> {
    await this.worker?.end();
  }

  private spawn(): WorkerHandle {
    this.hasStarted = false;
    const worker = this.start(CRAWL_SCRIPT, this.name, {
      onMessage: (message) => this.onMessage(message as FromCrawler),
      onExit: (reason) => this.onExit(reason),
    });
    worker.send(this.settings satisfies ToCrawler);
    return worker;
  }

  private onMessage(message: FromCrawler): void {
    if ("visits" in message) {
      this.listener.onVisits(message.visits.map((visit) => this.finish(unpackVisit(visit, this.name))));
    } else if ("problem" in message) {
      const { problem, isProxy } = message;
      this.listener.onFailure(isProxy ? new ProxyError(problem) : new RangeError(`${this.name}: ${problem}`));
    } else {
      this.hasStarted = true;
      this.listener.onStarted();
    }
  }

  /** Removes the task of a visit. Returns the visit with the task's own address, which is not a copy. */
  private finish(visit: Visit): Visit {
    const key = addressString(visit.address);
    const same = this.tasks.get(key)!;
    const { address, lane } = same.pop()!;
    if (same.length === 0) this.tasks.delete(key);
    this.loads[lane]--;
    return Object.assign(visit, { address });
  }

  private onExit(reason: string): void {
    const tasks = [...this.tasks.values()].flat();
    this.worker = undefined;
    this.tasks = new Map();
    this.unsent = [];
    this.loads = this.shares.map(() => 0);
    this.listener.onWorkerExit(this, tasks, this.hasStarted, reason);
  }
}
