/**
 * Deadlines that are fair to peers when this process is late.
 *
 * An event loop that is busy with thousands of sockets runs its timers late, and then all that are
 * due at once, before it looks at the sockets (https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick).
 * A timer a socket gives up on peers whose answer has long been here, unread. So:
 *
 *  1. one timer, for the deadline that comes first, notes the time
 *  2. the event loop polls: whatever has come by then is read, and takes its deadline away
 *  3. only then, in the check phase, those expire that were due at the noted time
 */
import { now } from "../util/clock";

/** Deadlines of one length: whoever was added first is due first. */
export class Deadlines<Waiting> {
  /** When each is due, in milliseconds of `now()`; in the order in which they are. */
  private readonly due = new Map<Waiting, number>();
  private timer: NodeJS.Timeout | undefined;
  private check: NodeJS.Immediate | undefined;

  /** `timeoutMs` from being added, `expire` is called, unless it was taken away before. */
  constructor(
    private readonly timeoutMs: number,
    private readonly expire: (waiting: Waiting) => void,
  ) {}

  /** Adds one, or begins its time anew. */
  add(waiting: Waiting): void {
    this.due.delete(waiting);
    this.due.set(waiting, now() + this.timeoutMs);
    if (!this.timer && !this.check) this.wait(this.timeoutMs);
  }

  delete(waiting: Waiting): void {
    this.due.delete(waiting);
  }

  /** Takes all away, and leaves nothing that keeps the event loop alive. */
  clear(): void {
    this.due.clear();
    clearTimeout(this.timer);
    clearImmediate(this.check);
    this.timer = this.check = undefined;
  }

  private wait(ms: number): void {
    // A timer may be early by less than a millisecond.
    this.timer = setTimeout(() => {
      const noted = now();
      this.timer = undefined;
      this.check = setImmediate(() => this.expireUntil(noted));
    }, ms + 1);
  }

  private expireUntil(noted: number): void {
    this.check = undefined;
    for (const [waiting, due] of this.due) {
      if (due > noted) break;
      this.due.delete(waiting);
      this.expire(waiting);
    }
    const [first] = this.due.values();
    if (first !== undefined && !this.timer && !this.check) this.wait(Math.max(0, first - now()));
  }
}
