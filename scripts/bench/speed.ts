/**
 * The parts `speed` and `growth`, on peers that answer at once.
 *
 *  - speed: handshakes per second of the crawler, against bare sockets, Python, and itself in two threads
 *  - growth: CPU time per visit and peak memory, for 1,000 to 50,000 peers
 */
import { availableParallelism } from "node:os";
import type { BehaviourName } from "@course/lib/practice";
import { formatCount } from "@course/lib/util";
import { target, type Report, type Target } from "./report";
import { median } from "./measure";
import { runInTurns, type CrawlCandidate, type RunOptions, type CrawlRuns } from "./crawl-runs";

type PartOptions = Pick<RunOptions, "peers" | "rounds" | "log">;

export const CONCURRENCY = 500;
/** Cores for two threads: one for the peers, and one per thread. */
const CORES_FOR_TWO = 3;
const POLITE: BehaviourName[] = ["polite-modern", "polite-old"];
/** Makes the second in which code gets warm a tenth of a run, not half of it. */
const REPETITIONS = 5;
/** Peers that answer at once, of which a crawl must record all. */
export const AT_ONCE = { latency: 0, behaviours: POLITE, timeoutMs: 10_000, track: false };
/** Highest peak memory of a crawl, in MB. */
const MAX_PEAK_MB = 150;

const CANDIDATES: CrawlCandidate[] = [
  { name: "floor: bare net.Socket", client: "bare", concurrency: CONCURRENCY },
  { name: "crawl()", client: "crawl", concurrency: CONCURRENCY },
  { name: "crawlInThreads(), two", client: "crawl", concurrency: CONCURRENCY, threads: 2 },
  { name: "Python asyncio", client: "asyncio", concurrency: CONCURRENCY },
];

/** Measures handshakes per second against the references. */
export async function speed(options: PartOptions): Promise<Report> {
  const runs = await runInTurns(CANDIDATES, { ...options, ...AT_ONCE, repetitions: REPETITIONS });
  const [floor, ours, two, asyncio] = runs;
  return {
    head: ["handshakes, latency 0", "per second", "per CPU second", "CPU s per 10,000", "peak MB"],
    rows: runs.map((run) => [
      run.name,
      rate(run, "wallMs"),
      rate(run, "cpuMs"),
      ((10 * middle(run, "cpuMs")) / run.inTime).toFixed(2),
      Math.round(middle(run, "peakMb")),
    ]),
    targets: [
      ...runs.map(allRecorded),
      target("crawl(): handshakes per second, as a multiple of the floor's", faster(ours, floor), {
        least: 1,
      }),
      target("crawl(): handshakes per second, as a multiple of asyncio's", faster(ours, asyncio), {
        least: 2,
      }),
      twoThreads(two, ours),
      target(`crawl(): peak memory, MB`, middle(ours, "peakMb"), { most: MAX_PEAK_MB }, 0),
    ],
    figures: runs,
  };
}

/** Returns the target that a client records all peers: only such clients can be compared. */
export function allRecorded({ name, recorded, inTime }: CrawlRuns): Target {
  const fewest = Math.min(...recorded);
  return { sentence: `${name}: recorded ${fewest} of ${inTime}`, met: fewest === inTime };
}

function twoThreads(two: CrawlRuns, one: CrawlRuns): Target {
  const cores = availableParallelism();
  const { sentence, met } = target(
    "two threads: handshakes per second, as a multiple of one's",
    faster(two, one),
    {
      least: 1,
    },
  );
  if (cores >= CORES_FOR_TWO) return { sentence, met };
  return {
    sentence: `${sentence}; not required on ${cores} cores, as the peers need one`,
    met: undefined,
  };
}

/** Returns the speed of a client as a multiple of another's, in the median round. */
function faster(one: CrawlRuns, other: CrawlRuns): number {
  return median(one.results.map(({ wallMs }, i) => other.results[i].wallMs / wallMs));
}

function middle({ results }: CrawlRuns, what: "wallMs" | "cpuMs" | "peakMb"): number {
  return median(results.map((result) => result[what]));
}

/** Returns handshakes per second of wall time or CPU time. */
function rate(run: CrawlRuns, what: "wallMs" | "cpuMs"): string {
  return formatCount(Math.round((1000 * run.inTime) / middle(run, what)));
}

const SIZES = [1000, 10_000, 50_000];
/**
 * Keeps V8's young generation small. Without the flag its three semi-spaces grow to 16 MB each in any program
 * that runs for some seconds, and hide what the crawler needs.
 */
const SMALL_YOUNG_GENERATION = ["--max-semi-space-size=4"];

/** Measures what more peers cost. The targets: CPU time in proportion to the peers, and the same memory. */
export async function growth({ rounds, log }: PartOptions): Promise<Report> {
  const candidates = SIZES.map((peers): CrawlCandidate => ({
    name: `${formatCount(peers)} peers`,
    client: "crawl",
    concurrency: CONCURRENCY,
    peers,
  }));
  const runs = await runInTurns(candidates, {
    ...AT_ONCE,
    peers: 0,
    rounds,
    log,
    nodeFlags: SMALL_YOUNG_GENERATION,
  });
  const [, middleSize, largest] = runs;
  const timePerVisit = (run: CrawlRuns) => middle(run, "cpuMs") / run.inTime;
  return {
    head: ["growth, latency 0", "wall s", "CPU s", "CPU µs per visit", "peak MB"],
    rows: runs.map((run) => [
      run.name,
      (middle(run, "wallMs") / 1000).toFixed(2),
      (middle(run, "cpuMs") / 1000).toFixed(2),
      Math.round(1000 * timePerVisit(run)),
      Math.round(middle(run, "peakMb")),
    ]),
    targets: [
      ...runs.map(allRecorded),
      target(
        "CPU time per visit with 50,000 peers, as a multiple of that with 10,000",
        timePerVisit(largest) / timePerVisit(middleSize),
        {
          most: 1.15,
        },
      ),
      target(
        "peak memory with 50,000 peers, as a multiple of that with 10,000",
        middle(largest, "peakMb") / middle(middleSize, "peakMb"),
        { most: 1.15 },
      ),
    ],
    figures: runs,
  };
}
