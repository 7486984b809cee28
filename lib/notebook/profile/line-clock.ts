/**
 * A stopwatch that is on one line of a function at a time.
 *
 * All time between the start of one statement and the start of the next belongs to the line of the
 * first, whatever it did meanwhile: compute, call, or wait at an `await`. A function that runs inside
 * (a callback, or the same function once more) takes the watch, and gives it back when it is over. So
 * no moment is counted twice, and the lines' times make up the whole.
 */

/** Of one line: how often its statement was started, and for how long the watch was on it, in milliseconds. */
export interface LineTime {
  hits: number;
  ms: number;
}

/** One run of a function, from its beginning to its end. */
export interface TimedRun {
  /** Who had the watch when it began. */
  caller: TimedRun | undefined;
  /** Where it is. */
  line: number;
  isOver: boolean;
}

export class LineClock {
  /** By line number. */
  readonly lines = new Map<number, LineTime>();
  private running: TimedRun | undefined;
  private since = 0;
  private isStopped = false;

  /** `now` gives milliseconds. */
  constructor(private readonly now: () => number) {}

  /** Begins a run of a function that is declared on `line`. */
  enter(line: number): TimedRun {
    this.settle();
    const run: TimedRun = { caller: this.running, line, isOver: false };
    this.running ??= run; // what it does before its first statement is its caller's
    return run;
  }

  /** A statement of a run starts. */
  at(run: TimedRun, line: number): void {
    this.resume(run, line);
    if (!this.isStopped) this.of(line).hits++;
  }

  /** A run goes on with a line that it has been at before: the loop's, to see whether there is more. */
  resume(run: TimedRun, line: number): void {
    this.settle();
    run.line = line;
    this.running = run;
  }

  /** A run is over. The first one of all keeps the watch until `stop`: what it returned may be a promise. */
  exit(run: TimedRun): void {
    this.settle();
    run.isOver = true;
    if (this.running === run) this.running = stillRunning(run);
  }

  /** Stops the watch for good. */
  stop(): void {
    this.settle();
    this.isStopped = true;
  }

  /** The times in a loop's hands: each step to the next item starts its line once more, and is that line's time. */
  steps<T>(
    run: TimedRun,
    line: number,
    iterable: Iterable<T> | AsyncIterable<T>,
  ): Iterable<T> | AsyncIterable<T> {
    return Symbol.asyncIterator in iterable
      ? { [Symbol.asyncIterator]: () => this.watched(run, line, iterable[Symbol.asyncIterator]()) }
      : { [Symbol.iterator]: () => this.watched(run, line, iterable[Symbol.iterator]()) };
  }

  private watched<I extends Iterator<unknown> | AsyncIterator<unknown>>(
    run: TimedRun,
    line: number,
    inner: I,
  ): I {
    const watched = {
      next: () => {
        this.at(run, line);
        return inner.next();
      },
      return: (value: unknown) => {
        this.resume(run, line);
        return inner.return!(value);
      },
    };
    if (!inner.return) delete (watched as Partial<typeof watched>).return;
    return watched as unknown as I;
  }

  /** Gives the time since the last look to the line that had the watch. */
  private settle(): void {
    const now = this.now();
    if (this.running && !this.isStopped) this.of(this.running.line).ms += now - this.since;
    this.since = now;
  }

  private of(line: number): LineTime {
    const time = this.lines.get(line) ?? { hits: 0, ms: 0 };
    this.lines.set(line, time);
    return time;
  }
}

/** Who has the watch after a run: the nearest of its callers that is not over, or the first of all. */
function stillRunning(run: TimedRun): TimedRun {
  let next = run;
  while (next.isOver && next.caller) next = next.caller;
  return next;
}
