/** Handshakes a second with peers that answer at once: the crawler against the runtime's floor, Python, and itself in two threads. */
import { availableParallelism } from "node:os";
import type { BehaviourName } from "@course/lib/practice";
import { target, type Report, type Target } from "./report";
import { median } from "./measure";
import { inTurns, type Crawling, type RunOptions, type CrawlRuns } from "./crawl-runs";

export type PartOptions = Pick<RunOptions, "peers" | "rounds" | "log">;

const CONCURRENCY = 500;
/** Peers have a core, and so has each thread. */
const CORES_FOR_TWO = 3;
const POLITE: BehaviourName[] = ["polite-modern", "polite-old"];
/** A second in which code gets warm is a tenth of a run, and not half of it. */
const LAPS = 5;
const AT_ONCE = { latency: 0, behaviours: POLITE, timeoutMs: 10_000, track: false };
const MOST_MB = 150;

const CONTESTANTS: Crawling[] = [
  { name: "floor: bare net.Socket", client: "bare", concurrency: CONCURRENCY },
  { name: "crawl()", client: "crawl", concurrency: CONCURRENCY },
  { name: "crawlInThreads(), two", client: "crawl", concurrency: CONCURRENCY, threads: 2 },
  { name: "Python asyncio", client: "asyncio", concurrency: CONCURRENCY },
];

export async function speed(options: PartOptions): Promise<Report> {
  const runs = await inTurns(CONTESTANTS, { ...options, ...AT_ONCE, repetitions: LAPS });
  const [floor, ours, two, asyncio] = runs;
  return {
    head: ["handshakes, latency 0", "a second", "a CPU second", "CPU s for 10,000", "peak MB"],
    rows: runs.map((one) => [
      one.name,
      rate(one, "wallMs"),
      rate(one, "cpuMs"),
      ((10 * middle(one, "cpuMs")) / one.inTime).toFixed(2),
      Math.round(middle(one, "peakMb")),
    ]),
    targets: [
      ...runs.map(everybodyHeard),
      target("crawl(): handshakes a second of the floor's", faster(ours, floor), { least: 1 }),
      target("crawl(): handshakes a second of asyncio's", faster(ours, asyncio), { least: 2 }),
      twoThreads(two, ours),
      target(`crawl(): peak memory, MB`, middle(ours, "peakMb"), { most: MOST_MB }, 0),
    ],
    figures: runs,
  };
}

/** Who has an answer from everybody, and who has not, is not to be compared. */
function everybodyHeard({ name, recorded: heard, inTime }: CrawlRuns): Target {
  const least = Math.min(...heard);
  return { sentence: `${name}: heard ${least} of ${inTime}`, met: least === inTime };
}

function twoThreads(two: CrawlRuns, one: CrawlRuns): Target {
  const cores = availableParallelism();
  const { sentence, met } = target("two threads: handshakes a second of one's", faster(two, one), {
    least: 1,
  });
  if (cores >= CORES_FOR_TWO) return { sentence, met };
  return {
    sentence: `${sentence}; not asked of ${cores} cores, of which the peers need one`,
    met: undefined,
  };
}

/** How many times as fast as another, in the median round. */
function faster(one: CrawlRuns, other: CrawlRuns): number {
  return median(one.results.map(({ wallMs }, i) => other.results[i].wallMs / wallMs));
}

function middle({ results }: CrawlRuns, what: "wallMs" | "cpuMs" | "peakMb"): number {
  return median(results.map((result) => result[what]));
}

function rate(one: CrawlRuns, what: "wallMs" | "cpuMs"): string {
  return Math.round((1000 * one.inTime) / middle(one, what)).toLocaleString("en-US");
}

const SIZES = [1000, 10_000, 50_000];
/** Of V8's young generation, which grows to 16 MB, three times, in any program that runs for some seconds: without the flag that is what one sees. */
const SMALL_YOUNG_GENERATION = ["--max-semi-space-size=4"];

/** What more peers cost: time in proportion, and the same memory. */
export async function growth({ rounds, log }: PartOptions): Promise<Report> {
  const candidates = SIZES.map((peers): Crawling => ({
    name: `${peers.toLocaleString("en-US")} peers`,
    client: "crawl",
    concurrency: CONCURRENCY,
    peers,
  }));
  const runs = await inTurns(candidates, {
    ...AT_ONCE,
    peers: 0,
    rounds,
    log,
    nodeFlags: SMALL_YOUNG_GENERATION,
  });
  const [, middleSize, largest] = runs;
  const timeEach = (one: CrawlRuns) => middle(one, "cpuMs") / one.inTime;
  return {
    head: ["growth, latency 0", "wall s", "CPU s", "CPU µs a visit", "peak MB"],
    rows: runs.map((one) => [
      one.name,
      (middle(one, "wallMs") / 1000).toFixed(2),
      (middle(one, "cpuMs") / 1000).toFixed(2),
      Math.round(1000 * timeEach(one)),
      Math.round(middle(one, "peakMb")),
    ]),
    targets: [
      ...runs.map(everybodyHeard),
      target("CPU time a visit, of 50,000 to 10,000 peers", timeEach(largest) / timeEach(middleSize), {
        most: 1.15,
      }),
      target(
        "peak memory, of 50,000 to 10,000 peers",
        middle(largest, "peakMb") / middle(middleSize, "peakMb"),
        { most: 1.15 },
      ),
    ],
    figures: runs,
  };
}
