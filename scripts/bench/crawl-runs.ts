/** Clients in turns, each run on a network of its own; every other round backwards. */
import type { PracticeOptions } from "@course/lib/practice";
import type { Measured } from "./clients/job";
import { startPeers } from "./network";
import { type ClientName, runClient } from "./run-client";

export interface Crawling {
  name: string;
  client: ClientName;
  concurrency: number;
  threads?: number;
  /** If not that of the others. */
  peers?: number;
}

export interface CrawlRuns extends Crawling {
  /** How many peers answer in time. */
  inTime: number;
  results: Measured[];
  /** Of those in time, how many were heard in each round. */
  recorded: number[];
}

export interface RunOptions extends Pick<PracticeOptions, "behaviours"> {
  peers: number;
  latency: number;
  timeoutMs: number;
  /** Of Node.js, for clients that are written for it. */
  nodeFlags?: string[];
  /** How many times everybody is called in a run; once if not given. */
  repetitions?: number;
  rounds: number;
  /** Whether to note which peers were heard and how long each visit took. */
  track: boolean;
  log: (text: string) => void;
}

/** Lets each contestant crawl once a round. */
export async function inTurns(candidates: readonly Crawling[], options: RunOptions): Promise<CrawlRuns[]> {
  const runs = candidates.map((candidate): CrawlRuns => ({
    ...candidate,
    inTime: 0,
    results: [],
    recorded: [],
  }));
  for (let round = 0; round < options.rounds; round++) {
    for (const one of round % 2 === 0 ? runs : [...runs].reverse()) {
      options.log(`round ${round + 1} of ${options.rounds}: ${one.name}`);
      await runOnce(one, options);
    }
  }
  return runs;
}

async function runOnce(one: CrawlRuns, options: RunOptions): Promise<void> {
  const { latency, behaviours, timeoutMs, repetitions: repetitions = 1, track, nodeFlags } = options;
  const network = await startPeers(one.peers ?? options.peers, { latency, behaviours });
  try {
    const { file, truth } = network;
    const { concurrency, threads } = one;
    const measured = await runClient(
      one.client,
      { file, concurrency, timeoutMs, repetitions, threads, track },
      nodeFlags,
    );
    one.inTime = repetitions * truth.filter(({ outcome }) => outcome === "version").length;
    one.recorded.push(heardOf(measured, (line) => truth[line].outcome === "version"));
    one.results.push(withoutLines(measured));
  } finally {
    await network.close();
  }
}

/** Without `lines`, nothing says that those who were heard were those in time; of a polite network all are. */
function heardOf({ lines, received }: Measured, isInTime: (line: number) => boolean): number {
  return lines ? lines.filter(isInTime).length : received;
}

function withoutLines({ lines: _, ...measured }: Measured): Measured {
  return measured;
}

/** The shortest time, in milliseconds, in which visits of these durations can be done in this order, so many at a time. */
export function least(durations: readonly number[], places: number): number {
  const free = new Float64Array(Math.max(1, Math.min(places, durations.length)));
  for (const duration of durations) replaceFirst(free, free[0] + duration);
  return Math.max(...free);
}

/** Puts `value` in the place of the smallest, the first, of a heap. */
function replaceFirst(heap: Float64Array, value: number): void {
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
    if (child >= heap.length || heap[child] >= value) break;
    heap[place] = heap[child];
    place = child;
  }
  heap[place] = value;
}
