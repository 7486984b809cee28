/**
 * The part `whole`: crawls the whole network at real latencies, 1,000 to 9,000 peers at once.
 *
 * Measures wall time, CPU time, and how many of the peers that answer in time a client misses.
 */
import { median } from "./measure";
import { shortestTime, type CrawlRuns, runInTurns } from "./crawl-runs";
import { type Report, target, type Target } from "./report";
import type { ClientName } from "./run-client";
import { formatCount } from "@course/lib/util";

const AT_ONCE = [1000, 2000, 4000, 9000];
const CLIENTS: ClientName[] = ["crawl", "bare", "asyncio"];
const TIMEOUT_MS = 1000;

interface WholeOptions {
  peers: number;
  rounds: number;
  log: (text: string) => void;
}

/** Measures crawls of the whole network. */
export async function wholeNetwork({ peers, rounds, log }: WholeOptions): Promise<Report> {
  const candidates = AT_ONCE.flatMap((concurrency) =>
    CLIENTS.map((client) => ({
      name: `${client}, ${formatCount(concurrency)} at once`,
      client,
      concurrency,
    })),
  );
  const runs = await runInTurns(candidates, {
    peers,
    rounds,
    log,
    timeoutMs: TIMEOUT_MS,
    track: true,
    latency: 1,
  });
  const of = (client: ClientName, concurrency: number) =>
    runs.find((run) => run.client === client && run.concurrency === concurrency)!;
  return {
    head: ["whole network", "wall s", "CPU s", "recorded of those in time", "missed", "peak MB"],
    rows: runs.map((run) => [
      run.name,
      seconds(run, "wallMs"),
      seconds(run, "cpuMs"),
      `${formatCount(median(run.recorded))} of ${formatCount(run.inTime)}`,
      formatCount(run.inTime - median(run.recorded)),
      median(run.results.map(({ peakMb }) => Math.round(peakMb))),
    ]),
    targets: [
      ...AT_ONCE.map((concurrency) => missedNone(of("crawl", concurrency))),
      ...littlesLaw(of("crawl", AT_ONCE[0])),
      cpuOfFloor(of("crawl", AT_ONCE[0]), of("bare", AT_ONCE[0])),
      timeBeyondTimeout(of("crawl", AT_ONCE.at(-1)!)),
    ],
    figures: runs,
  };
}

function missedNone({ name, recorded, inTime }: CrawlRuns): Target {
  const missed = recorded.map((n) => inTime - n);
  return {
    sentence: `${name}: missed ${missed.join(", ")} peers that answer in time (target: 0 in the median round)`,
    met: median(missed) === 0,
  };
}

/**
 * Returns targets for the wall time: as a multiple of what Little's law gives, and of the shortest time in
 * which any crawler could make these visits in this order.
 */
function littlesLaw({ name, concurrency, results }: CrawlRuns): Target[] {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const ofLaw = median(results.map(({ wallMs, durations }) => wallMs / (sum(durations!) / concurrency)));
  const ofShortest = median(
    results.map(({ wallMs, durations }) => wallMs / shortestTime(durations!, concurrency)),
  );
  const shortestOfLaw = median(
    results.map(({ durations }) => shortestTime(durations!, concurrency) / (sum(durations!) / concurrency)),
  );
  return [
    target(`${name}: wall time, as a multiple of what Little's law gives`, ofLaw, { most: 1.1 }),
    target(
      `${name}: wall time, as a multiple of the shortest for these visits (${shortestOfLaw.toFixed(2)} of Little's law, since the last visits leave slots empty)`,
      ofShortest,
      { most: 1.1 },
    ),
  ];
}

function cpuOfFloor(ours: CrawlRuns, floor: CrawlRuns): Target {
  const ratio = median(ours.results.map(({ cpuMs }, i) => cpuMs / floor.results[i].cpuMs));
  return target(`${ours.name}: CPU time, as a multiple of the floor's`, ratio, { most: 1.3 });
}

function timeBeyondTimeout({ name, results }: CrawlRuns): Target {
  const ratio = median(results.map(({ wallMs, cpuMs }) => (wallMs - TIMEOUT_MS) / cpuMs));
  return target(`${name}: wall time beyond the timeout of 1 s, as a multiple of the CPU time`, ratio, {
    most: 1.15,
  });
}

function seconds({ results }: CrawlRuns, what: "wallMs" | "cpuMs"): string {
  return (median(results.map((result) => result[what])) / 1000).toFixed(2);
}
