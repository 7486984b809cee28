/** How a crawl is doing, on stderr: one line that changes in its place on a terminal, a few lines elsewhere. */
import { canSpin } from "../cli/spinner";
import { mostFrequent, type CrawlStats } from "./stats";
import { duration, percent } from "../cli/format";
import { formatCount } from "@course/lib/util";

/** How often the line on a terminal changes, in milliseconds. */
const UPDATE_MS = 100;
/** Elsewhere there is a line for each tenth of the addresses, and after so many milliseconds without one. */
const TENTHS = 10;
const LINE_EVERY_MS = 60_000;

export interface ProgressDisplay {
  /** A visit was counted. */
  step(): void;
  /** Leaves no half a line behind. */
  end(): void;
}

/** Shows the progress of a crawl until it is ended. */
export function showProgress(tally: CrawlStats): ProgressDisplay {
  return canSpin() ? liveLine(tally) : sparseLines(tally);
}

/** `24.8% | 1,902 received | 601 failed | 1,384/s | 5.5 s left | 480 ANSWER_TIMEOUT, 121 REFUSED` */
export function statusLine(tally: CrawlStats): string {
  const codes = mostFrequent(tally.codes).map(([code, n]) => `${formatCount(n)} ${code}`);
  return [
    percent(tally.done, tally.total),
    `${formatCount(tally.received)} received`,
    `${formatCount(tally.failed)} failed`,
    `${formatCount(Math.round(tally.rate))}/s`,
    timeLeft(tally),
    ...(codes.length > 0 ? [codes.join(", ")] : []),
  ].join(" | ");
}

function timeLeft({ remaining, leftMs }: CrawlStats): string {
  if (remaining === 0) return "done";
  return leftMs === Infinity ? "time left not known yet" : `${duration(leftMs)} left`;
}

function liveLine(tally: CrawlStats): ProgressDisplay {
  const { stderr } = process;
  const draw = (text: string) => {
    stderr.cursorTo(0);
    stderr.write(text.slice(0, stderr.columns - 1)); // a line that wraps could not be drawn over
    stderr.clearLine(1);
  };
  const timer = setInterval(() => draw(statusLine(tally)), UPDATE_MS);
  draw(statusLine(tally));
  return {
    step() {},
    end() {
      clearInterval(timer);
      draw("");
    },
  };
}

function sparseLines(tally: CrawlStats): ProgressDisplay {
  const tenth = () => Math.floor((TENTHS * tally.done) / tally.total);
  let last = tenth();
  const say = () => {
    last = tenth();
    console.error(statusLine(tally));
    timer.refresh();
  };
  const timer = setInterval(say, LINE_EVERY_MS);
  return {
    step: () => void (tenth() > last && say()),
    end: () => clearInterval(timer),
  };
}
