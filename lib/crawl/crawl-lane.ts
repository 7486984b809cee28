/** One lane of a crawl that runs: how many visits are under way in it, and when they time out. */
import type { Lane } from "../peer/lane";
import type { Connection } from "./connection";
import { Deadlines } from "./deadlines";
import type { LaneBounds } from "./lanes";

/**
 * The share of a lane's peers that may be asked for addresses, and not have answered, at a time. An answer is as
 * long as a hundred version messages: too many at once, and those who have only their version to send are late.
 */
const MAX_ASKED = 1 / 2;

export class CrawlLane {
  /** Visits under way. */
  open = 0;
  /** As many as its concurrency, or fewer if the system runs out of open files. */
  slots: number;
  private readonly connecting: Deadlines<Connection>;
  private readonly answering: Deadlines<Connection>;
  /** When the answers to getaddr that have begun are over. */
  private readonly quiet: Deadlines<Connection>;
  /** Those that are asked for addresses and have not answered, and those that wait to be asked. */
  private readonly asked = new Set<Connection>();
  private readonly toAsk = new Set<Connection>();
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

  /** Asks a peer for addresses, as soon as few enough others are asked. */
  onVersion(connection: Connection): void {
    this.answering.delete(connection);
    this.toAsk.add(connection);
    this.askNext();
  }

  private askNext(): void {
    for (const connection of this.toAsk) {
      if (this.asked.size > 0 && this.asked.size >= this.slots * MAX_ASKED) return;
      this.toAsk.delete(connection);
      this.asked.add(connection);
      connection.ask();
    }
  }

  /** Starts the time in which another part of an answer may come. */
  onAnswer(connection: Connection): void {
    this.quiet.add(connection);
    this.asked.delete(connection);
    this.askNext();
  }

  delete(connection: Connection): void {
    this.open--;
    for (const deadlines of this.all) deadlines.delete(connection);
    this.toAsk.delete(connection);
    this.asked.delete(connection);
    this.askNext();
  }

  /** Forgets all visits. */
  clear(): void {
    for (const deadlines of this.all) deadlines.clear();
    this.toAsk.clear();
    this.asked.clear();
  }
}
