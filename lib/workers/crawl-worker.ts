/** A seat in a team that crawls: what its member has to do, whoever sits in it. */
import { type AddressTuple, addressString } from "../peer/address";
import type { WorkerHandle, SpawnWorker } from "./worker-handle";
import { unpackVisit } from "./packed-visit";
import type { Visit } from "../peer/visit";
import { CRAWL_SCRIPT } from "./script-paths";
import type { FromCrawler, ToCrawler } from "./crawl-messages";

/** An address on its way to a visit. */
export interface Task {
  address: AddressTuple;
  /** How many members have died that had it to visit. */
  attemptsLost: number;
  /** When it was taken from the list, in milliseconds. */
  assignedAt: number;
}

/** Who is told what becomes of the jobs. */
export interface CrawlWorkerListener {
  onStarted(): void;
  onVisits(visits: Visit[]): void;
  onWorkerExit(seat: CrawlWorker, jobs: Task[], hadStarted: boolean, how: string): void;
  onFailure(error: unknown): void;
}

export class CrawlWorker {
  private worker: WorkerHandle | undefined;
  private hasStarted = false;
  /** What the member has not answered yet, by address: there may be several jobs at one. */
  private jobs = new Map<string, Task[]>();
  private unsent: AddressTuple[] = [];
  /** How many jobs the member has. */
  load = 0;

  constructor(
    private readonly start: SpawnWorker,
    readonly name: string,
    private readonly settings: { concurrency: number; timeoutMs?: number },
    private readonly listener: CrawlWorkerListener,
  ) {}

  /** For how many jobs there is room: as many as may be visited at a time, and some to go on with while a message is on its way. */
  get room(): number {
    const { concurrency } = this.settings;
    return concurrency + Math.floor(concurrency / 4) - this.load;
  }

  /** Takes a job, to be sent with others. */
  take(job: Task): void {
    const key = addressString(job.address);
    const same = this.jobs.get(key);
    if (same) same.push(job);
    else this.jobs.set(key, [job]);
    this.unsent.push(job.address);
    this.load++;
  }

  /** Sends what was taken; starts a member if there is none. */
  send(): void {
    if (this.unsent.length === 0) return;
    this.worker ??= this.spawn();
    this.tell(this.worker, { addresses: this.unsent });
    this.unsent = [];
  }

  /** Resolves when the member is gone. */
  async end(): Promise<void> {
    await this.worker?.end();
  }

  private spawn(): WorkerHandle {
    this.hasStarted = false;
    const member = this.start(CRAWL_SCRIPT, this.name, {
      onMessage: (message) => this.onMessage(message as FromCrawler),
      onExit: (how) => this.onExit(how),
    });
    this.tell(member, this.settings);
    return member;
  }

  private tell(member: WorkerHandle, message: ToCrawler): void {
    member.send(message);
  }

  private onMessage(message: FromCrawler): void {
    if ("visits" in message) {
      this.listener.onVisits(message.visits.map((visit) => this.settle(unpackVisit(visit, this.name))));
    } else if ("problem" in message) {
      this.listener.onFailure(new RangeError(`${this.name}: ${message.problem}`));
    } else {
      this.hasStarted = true;
      this.listener.onStarted();
    }
  }

  /** Takes the visit's job off the list. */
  private settle(visit: Visit): Visit {
    const key = addressString(visit.address);
    const same = this.jobs.get(key)!;
    const { address } = same.pop()!;
    if (same.length === 0) this.jobs.delete(key);
    this.load--;
    return Object.assign(visit, { address });
  }

  private onExit(how: string): void {
    const jobs = [...this.jobs.values()].flat();
    this.worker = undefined;
    this.jobs = new Map();
    this.unsent = [];
    this.load = 0;
    this.listener.onWorkerExit(this, jobs, this.hasStarted, how);
  }
}
