/**
 * A stopwatch that runs for one line of a function at a time.
 *
 * The time between the start of one statement and the start of the next belongs to the line of the
 * first, whether it computes, calls, or waits at an `await`. A run of a function inside (a callback, or
 * the same function again) takes the stopwatch over, and returns it at its end. So no time is counted
 * twice, and the times of all lines add up to the total.
 */

interface LineTime {
  /** How often a statement of the line was started. */
  hits: number;
  /** How long the stopwatch ran for the line, in milliseconds. */
  ms: number;
}

/** One run of a function, from its start to its end. */
interface TimedRun {
  /** The run that had the stopwatch when this one started. */
  caller: TimedRun | undefined;
  /** The line that it is at, from 1. */
  line: number;
  hasEnded: boolean;
}

export class LineClock {
  /** By line number. */
  readonly lines = new Map<number, LineTime>();
  private running: TimedRun | undefined;
  private since = 0;
  private isStopped = false;

  /** `now` returns milliseconds. */
  constructor(private readonly now: () => number) {}

  /** Starts a run of a function that is declared on `line`. */
  enter(line: number): TimedRun {
    this.settle();
    const run: TimedRun = { caller: this.running, line, hasEnded: false };
    this.running ??= run; // time before its first statement belongs to its caller
    return run;
  }

  /** Notes that a statement of a run starts on `line`. */
  at(run: TimedRun, line: number): void {
    this.resume(run, line);
    if (!this.isStopped) this.timeOf(line).hits++;
  }

  /** Gives the stopwatch to `line` without a hit: a loop returns to its line to look for the next item. */
  resume(run: TimedRun, line: number): void {
    this.settle();
    run.line = line;
    this.running = run;
  }

  /** Ends a run. The first run keeps the stopwatch until `stop`, because it may have returned a promise. */
  exit(run: TimedRun): void {
    this.settle();
    run.hasEnded = true;
    if (this.running === run) this.running = openCaller(run);
  }

  /** Stops the stopwatch for good. */
  stop(): void {
    this.settle();
    this.isStopped = true;
  }

  /** Wraps an iterable: each step to its next item is a hit of the loop's line, and the line's time. */
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

  /** Adds the time since the last call to the line that has the stopwatch. */
  private settle(): void {
    const now = this.now();
    if (this.running && !this.isStopped) this.timeOf(this.running.line).ms += now - this.since;
    this.since = now;
  }

  private timeOf(line: number): LineTime {
    const time = this.lines.get(line) ?? { hits: 0, ms: 0 };
    this.lines.set(line, time);
    return time;
  }
}

/** Returns the run that gets the stopwatch: the nearest caller that has not ended, or the first run. */
function openCaller(run: TimedRun): TimedRun {
  let next = run;
  while (next.hasEnded && next.caller) next = next.caller;
  return next;
}
