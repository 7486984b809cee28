/**
 * Deadlines that are fair to peers when this process is late.
 *
 * A busy event loop runs its timers late, all that are due at once, before it polls its sockets
 * (https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick). With a timer per socket,
 * peers would time out whose answers have arrived and are not read yet. So:
 *
 *  1. one timer, for the earliest deadline, notes the time
 *  2. the event loop polls: answers that have arrived are read, and their deadlines deleted
 *  3. in the check phase after that poll, the deadlines that were due at the noted time expire
 */
import { now } from "../util/clock";

/** Deadlines of one length, so that they expire in the order in which they were added. */
export class Deadlines<T> {
  /** When each item is due, in milliseconds of `now()`. The earliest is first. */
  private readonly due = new Map<T, number>();
  private timer: NodeJS.Timeout | undefined;
  private check: NodeJS.Immediate | undefined;

  /**
   * `expire` is called with an item `timeoutMs` milliseconds after it was added, unless it is deleted
   * before.
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly expire: (item: T) => void,
  ) {}

  /** Adds an item, or starts its time again. */
  add(item: T): void {
    this.due.delete(item);
    this.due.set(item, now() + this.timeoutMs);
    if (!this.timer && !this.check) this.startTimer(this.timeoutMs);
  }

  delete(item: T): void {
    this.due.delete(item);
  }

  /** Deletes all items, and the timer: nothing keeps the event loop alive. */
  clear(): void {
    this.due.clear();
    clearTimeout(this.timer);
    clearImmediate(this.check);
    this.timer = this.check = undefined;
  }

  private startTimer(ms: number): void {
    // 1 ms is added because a timer may be early by less than that.
    this.timer = setTimeout(() => {
      const notedAt = now();
      this.timer = undefined;
      this.check = setImmediate(() => this.expireUntil(notedAt));
    }, ms + 1);
  }

  private expireUntil(notedAt: number): void {
    this.check = undefined;
    for (const [item, dueAt] of this.due) {
      if (dueAt > notedAt) break;
      this.due.delete(item);
      this.expire(item);
    }
    const [earliest] = this.due.values();
    if (earliest !== undefined && !this.timer && !this.check) this.startTimer(Math.max(0, earliest - now()));
  }
}
