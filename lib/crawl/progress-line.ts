/**
 * The progress of a crawl, as numbers and as a line of text.
 */

/** Progress of a crawl. */
export interface Progress {
  /** Version messages received. */
  received: number;
  /** Addresses that gave an error instead. */
  failed: number;
  /** All addresses, finished or not. */
  total: number;
  /** Milliseconds since the crawl started. */
  elapsedMs: number;
}

/**
 * Returns the progress as one line:
 * `120 received | 30 failed | 9,850 remaining | 1.5% complete | ~164 minutes left`.
 */
export function progressLine({ received, failed, total, elapsedMs }: Progress): string {
  const done = received + failed;
  const remaining = total - done;
  const percent = remaining === 0 ? 100 : Math.min((100 * done) / total, 99.9);
  const count = (n: number) => n.toLocaleString("en-US");
  return [
    `${count(received)} received`,
    `${count(failed)} failed`,
    `${count(remaining)} remaining`,
    `${percent.toFixed(1)}% complete`,
    timeLeft(done, remaining, elapsedMs),
  ].join(" | ");
}

/** Estimates the time left from the rate so far: `~164 minutes left`. */
function timeLeft(done: number, remaining: number, elapsedMs: number): string {
  if (remaining === 0) return "done";
  if (done === 0) return "time left not known yet";
  const minutes = Math.round(((elapsedMs / done) * remaining) / 60_000);
  if (minutes === 0) return "less than a minute left";
  return minutes === 1 ? "~1 minute left" : `~${minutes.toLocaleString("en-US")} minutes left`;
}
