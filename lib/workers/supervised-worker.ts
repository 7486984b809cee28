/**
 * A seat in a team: a thread or process that can be asked, one question at a time.
 *
 * Whoever sits in it may die: killed, out of memory, by a mistake of its own. Then another one is
 * started in its place and asked the same once more. If that one dies of it too, it is the question.
 */
import type { AddressTuple } from "../peer/address";
import { PEER_ERRORS, PeerError } from "../peer/errors";
import type { WorkerHandle, SpawnWorker } from "./worker-handle";
import { type PackedVisit, unpackVisit } from "./packed-visit";
import { now } from "../util/clock";
import type { Visit } from "../peer/visit";

/** What a worker has made of a question, by its own clock: times in milliseconds, on the scale of visits. */
export interface WorkerResult<T> {
  value: T;
  worker: string;
  startedAt: number;
  endedAt: number;
}

/** Who waits for an answer. */
interface PendingRequest {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class SupervisedWorker {
  private member: WorkerHandle | undefined;
  private pending: PendingRequest | undefined;
  private isEnded = false;
  /** Resolves when nobody waits for an answer. */
  private turn: Promise<unknown> = Promise.resolve();

  /** `file` is run by the worker, `name` is what its answers are signed with. */
  constructor(
    private readonly start: SpawnWorker,
    private readonly file: string,
    readonly name: string,
  ) {
    this.spawn();
  }

  /** What the worker answers, after those who have asked before. Rejects with WORKER_DIED if it dies of the question, and its successor too. */
  async ask<T>(question: unknown): Promise<WorkerResult<T>> {
    const answer = this.turn.then(() => this.askTwice(question));
    this.turn = answer.catch(() => {});
    return { ...((await answer) as WorkerResult<T>), worker: this.name };
  }

  /** Ends the worker. Resolves when it is gone; whoever still waits for an answer gets an error. */
  async end(): Promise<void> {
    this.isEnded = true;
    await this.member?.end();
  }

  private askTwice(question: unknown): Promise<unknown> {
    return this.askOnce(question).catch((error: Error) => {
      if (this.isEnded) throw error;
      return this.askOnce(question);
    });
  }

  private askOnce(question: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.isEnded) return reject(workerDied(`${this.name} was ended`));
      this.pending = { resolve, reject };
      this.spawn().send(question);
    });
  }

  /** Who sits here; somebody new if the seat is empty. */
  private spawn(): WorkerHandle {
    this.member ??= this.start(this.file, this.name, {
      onMessage: (answer) => this.pending?.resolve(answer),
      onExit: (how) => {
        this.member = undefined;
        this.pending?.reject(workerDied(`${this.name}: ${how}`));
      },
    });
    return this.member;
  }
}

/** The error of an address whose workers have died. `how` says who, and of what. */
export function workerDied(how: string): PeerError {
  return new PeerError("WORKER_DIED", `${PEER_ERRORS.WORKER_DIED} (${how})`);
}

/** One try at one address by a worker that runs `VISIT_SCRIPT`. Never rejects, as `visit` does not: what went wrong is in `error`. */
export async function visitIn(worker: SupervisedWorker, address: AddressTuple): Promise<Visit> {
  const startedAt = now();
  try {
    const { value } = await worker.ask<PackedVisit>(address);
    return unpackVisit(value, worker.name);
  } catch (error) {
    return { address, worker: worker.name, startedAt, endedAt: now(), error: error as PeerError };
  }
}
