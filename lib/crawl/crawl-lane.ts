/** One lane of a crawl that runs: how many visits are under way in it, and when they time out. */
import type { Lane } from "../peer/lane";
import type { Connection } from "./connection";
import { Deadlines } from "./deadlines";
import type { LaneBounds } from "./lanes";

export class CrawlLane {
  /** Visits under way. */
  open = 0;
  /** As many as its concurrency, or fewer if the system runs out of open files. */
  slots: number;
  private readonly connecting: Deadlines<Connection>;
  private readonly answering: Deadlines<Connection>;
  /** When the answers to getaddr that have begun are over. */
  private readonly quiet: Deadlines<Connection>;
  private readonly all: readonly Deadlines<Connection>[];

  constructor(readonly bounds: LaneBounds) {
    const { concurrency, timeoutMs, answerMs, quietMs } = bounds;
    this.slots = concurrency;
    this.connecting = new Deadlines(timeoutMs, (connection) => connection.timeOut(timeoutMs));
    this.answering = new Deadlines(answerMs, (connection) => connection.timeOut(answerMs));
    this.quiet = new Deadlines(quietMs, (connection) => connection.endAnswer());
    this.all = [this.connecting, this.answering, this.quiet];
  }

  get takes(): readonly Lane[] {
    return this.bounds.takes;
  }

  /** Counts a visit, and starts its time to connect. */
  add(connection: Connection): void {
    this.open++;
    this.connecting.add(connection);
  }

  /** Starts the peer's time to answer, again with each message that it is to answer. */
  onSent(connection: Connection): void {
    this.connecting.delete(connection);
    this.answering.add(connection);
  }

  /** Starts the time in which another part of an answer may come. */
  onAnswer(connection: Connection): void {
    this.quiet.add(connection);
  }

  delete(connection: Connection): void {
    this.open--;
    for (const deadlines of this.all) deadlines.delete(connection);
  }

  /** Forgets all visits. */
  clear(): void {
    for (const deadlines of this.all) deadlines.clear();
  }
}
