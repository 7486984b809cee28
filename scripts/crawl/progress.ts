/**
 * Shows the progress of a crawl on stderr: in one line that changes on a terminal, in a few lines elsewhere.
 */
import { canSpin } from "../cli/spinner";
import type { CrawlStats } from "./stats";
import { mostFrequent } from "../cli/table";
import { duration, percent } from "../cli/format";
import { formatCount } from "@course/lib/util";
import { printable } from "@course/lib/wire";

/** How often the line on a terminal is redrawn, in milliseconds. */
const UPDATE_MS = 100;
/** Elsewhere there is a line for each tenth of the addresses, and one after LINE_EVERY_MS without a line. */
const TENTHS = 10;
const LINE_EVERY_MS = 60_000;

interface ProgressDisplay {
  /** Called after each counted visit. */
  step(): void;
  /** Ends the display, and clears an unfinished line. */
  end(): void;
}

/** Returns the progress as one line. */
export type StatusLine = (stats: CrawlStats) => string;

/** Starts to show the progress of a crawl. */
export function showProgress(stats: CrawlStats, line: StatusLine = statusLine): ProgressDisplay {
  return canSpin() ? liveLine(stats, line) : sparseLines(stats, line);
}

/** Returns the progress as `24.8% | 1,902 received | 601 failed | 1,384/s | 5.5 s left | 601 REFUSED`. */
export function statusLine(stats: CrawlStats): string {
  const codes = mostFrequent(stats.codes).map(([code, n]) => `${formatCount(n)} ${printable(code)}`);
  return [
    percent(stats.done, stats.total),
    `${formatCount(stats.received)} received`,
    `${formatCount(stats.failed)} failed`,
    `${formatCount(Math.round(stats.rate))}/s`,
    timeLeft(stats),
    ...(codes.length > 0 ? [codes.join(", ")] : []),
  ].join(" | ");
}

function timeLeft({ remaining, leftMs }: CrawlStats): string {
  if (remaining === 0) return "done";
  return leftMs === Infinity ? "time left not known yet" : `${duration(leftMs)} left`;
}

function liveLine(stats: CrawlStats, line: StatusLine): ProgressDisplay {
  const { stderr } = process;
  const draw = (text: string) => {
    stderr.cursorTo(0);
    stderr.write(text.slice(0, stderr.columns - 1)); // a line that wraps could not be drawn over
    stderr.clearLine(1);
  };
  const timer = setInterval(() => draw(line(stats)), UPDATE_MS);
  draw(line(stats));
  return {
    step() {},
    end() {
      clearInterval(timer);
      draw("");
    },
  };
}

function sparseLines(stats: CrawlStats, line: StatusLine): ProgressDisplay {
  const tenth = () => Math.floor((TENTHS * stats.done) / stats.total);
  let last = tenth();
  const print = () => {
    last = tenth();
    console.error(line(stats));
    timer.refresh();
  };
  const timer = setInterval(print, LINE_EVERY_MS);
  return {
    step: () => void (tenth() > last && print()),
    end: () => clearInterval(timer),
  };
}
