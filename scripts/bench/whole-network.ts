/**
 * The whole network at real latencies, so many at once: how long, how much work, and who is not heard
 * that answered in time.
 */
import { median } from "./measure";
import { least, type CrawlRuns, inTurns } from "./crawl-runs";
import { type Report, target, type Target } from "./report";
import type { ClientName } from "./run-client";
import { formatCount } from "@course/lib/util";

const AT_ONCE = [1000, 2000, 4000, 9000];
const CLIENTS: ClientName[] = ["crawl", "bare", "asyncio"];
const TIMEOUT_MS = 1000;

export interface WholeOptions {
  peers: number;
  rounds: number;
  log: (text: string) => void;
}

export async function wholeNetwork({ peers, rounds, log }: WholeOptions): Promise<Report> {
  const candidates = AT_ONCE.flatMap((concurrency) =>
    CLIENTS.map((client) => ({
      name: `${client}, ${formatCount(concurrency)} at once`,
      client,
      concurrency,
    })),
  );
  const runs = await inTurns(candidates, {
    peers,
    rounds,
    log,
    timeoutMs: TIMEOUT_MS,
    track: true,
    latency: 1,
  });
  const of = (client: ClientName, concurrency: number) =>
    runs.find((one) => one.client === client && one.concurrency === concurrency)!;
  return {
    head: ["whole network", "wall s", "CPU s", "heard of those in time", "missed", "peak MB"],
    rows: runs.map((one) => [
      one.name,
      seconds(one, "wallMs"),
      seconds(one, "cpuMs"),
      `${formatCount(median(one.recorded))} of ${formatCount(one.inTime)}`,
      formatCount(one.inTime - median(one.recorded)),
      median(one.results.map(({ peakMb }) => Math.round(peakMb))),
    ]),
    targets: [
      ...AT_ONCE.map((concurrency) => missedNone(of("crawl", concurrency))),
      ...littlesLaw(of("crawl", AT_ONCE[0])),
      cpuOfFloor(of("crawl", AT_ONCE[0]), of("bare", AT_ONCE[0])),
      secondAndWork(of("crawl", AT_ONCE.at(-1)!)),
    ],
    figures: runs,
  };
}

function missedNone({ name, recorded: heard, inTime }: CrawlRuns): Target {
  const missed = heard.map((one) => inTime - one);
  return {
    sentence: `${name}: missed ${missed.join(", ")} of those who answer in time (target: 0 in the median round)`,
    met: median(missed) === 0,
  };
}

/** Wall time as a multiple of what Little's law gives, and of the least that any crawler could need for these visits in this order. */
function littlesLaw({ name, concurrency, results }: CrawlRuns): Target[] {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const ofLaw = median(results.map(({ wallMs, durations }) => wallMs / (sum(durations!) / concurrency)));
  const ofLeast = median(results.map(({ wallMs, durations }) => wallMs / least(durations!, concurrency)));
  const leastOfLaw = median(
    results.map(({ durations }) => least(durations!, concurrency) / (sum(durations!) / concurrency)),
  );
  return [
    target(`${name}: wall time of what Little's law gives`, ofLaw, { most: 1.1 }),
    target(
      `${name}: wall time of the least that these visits can take, which is ${leastOfLaw.toFixed(2)} of Little's law, since the last ones leave places empty`,
      ofLeast,
      { most: 1.1 },
    ),
  ];
}

function cpuOfFloor(ours: CrawlRuns, floor: CrawlRuns): Target {
  const ratio = median(ours.results.map(({ cpuMs }, i) => cpuMs / floor.results[i].cpuMs));
  return target(`${ours.name}: CPU time of the floor's`, ratio, { most: 1.3 });
}

function secondAndWork({ name, results }: CrawlRuns): Target {
  const signal = median(results.map(({ wallMs, cpuMs }) => (wallMs - TIMEOUT_MS) / cpuMs));
  return target(`${name}: wall time beyond a second, of the CPU time`, signal, { most: 1.15 });
}

function seconds({ results }: CrawlRuns, what: "wallMs" | "cpuMs"): string {
  return (median(results.map((result) => result[what])) / 1000).toFixed(2);
}
