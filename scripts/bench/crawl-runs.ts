/**
 * Runs crawling clients in turns, in reverse order every other round.
 *
 * Each run gets a fresh practice network, so that no run inherits another's garbage or warm code.
 */
import type { PracticeOptions } from "@course/lib/practice";
import type { Measured } from "./clients/job";
import { startPeers } from "./network";
import { type ClientName, runClient } from "./run-client";

/** A client and its settings, to be compared with others. */
export interface CrawlCandidate {
  name: string;
  client: ClientName;
  concurrency: number;
  threads?: number;
  /** Whether it tries the encrypted transport first. */
  v2?: boolean;
  /** Number of peers; that of RunOptions if not given. */
  peers?: number;
}

export interface CrawlRuns extends CrawlCandidate {
  /** Number of handshakes with peers that answer in time, per run. */
  inTime: number;
  results: Measured[];
  /** How many of those the client recorded, in each round. */
  recorded: number[];
}

export interface RunOptions extends Pick<PracticeOptions, "behaviours" | "v2"> {
  peers: number;
  latency: number;
  timeoutMs: number;
  /** Flags of Node.js, for clients in TypeScript. */
  nodeFlags?: string[];
  /** How many times a run calls all peers; once if not given. */
  repetitions?: number;
  rounds: number;
  /** Whether to record which peers answered and how long each visit took. */
  track: boolean;
  log: (text: string) => void;
}

/** Runs each candidate once per round. */
export async function runInTurns(
  candidates: readonly CrawlCandidate[],
  options: RunOptions,
): Promise<CrawlRuns[]> {
  const runs = candidates.map((candidate): CrawlRuns => ({
    ...candidate,
    inTime: 0,
    results: [],
    recorded: [],
  }));
  for (let round = 0; round < options.rounds; round++) {
    for (const run of round % 2 === 0 ? runs : [...runs].reverse()) {
      options.log(`round ${round + 1} of ${options.rounds}: ${run.name}`);
      await runOnce(run, options);
    }
  }
  return runs;
}

/** Adds one run of a candidate to its results. */
async function runOnce(runs: CrawlRuns, options: RunOptions): Promise<void> {
  const { latency, behaviours, v2: v2Share, timeoutMs, repetitions = 1, track, nodeFlags } = options;
  const network = await startPeers(runs.peers ?? options.peers, { latency, behaviours, v2: v2Share });
  try {
    const { file, truth } = network;
    const { concurrency, threads, v2 } = runs;
    const measured = await runClient(
      runs.client,
      { file, concurrency, timeoutMs, repetitions, threads, v2, track },
      nodeFlags,
    );
    runs.inTime = repetitions * truth.filter(({ outcome }) => outcome === "version").length;
    runs.recorded.push(recordedIn(measured, (line) => truth[line].outcome === "version"));
    runs.results.push(withoutLines(measured));
  } finally {
    await network.close();
  }
}

/**
 * Returns how many of the peers that answer in time the client recorded.
 *
 * Without `lines` it counts all that answered: use that only if all peers of the network answer in time.
 */
function recordedIn({ lines, received }: Measured, isInTime: (line: number) => boolean): number {
  return lines ? lines.filter(isInTime).length : received;
}

function withoutLines({ lines: _, ...measured }: Measured): Measured {
  return measured;
}

/**
 * Returns the shortest time in which visits of these durations can be made in this order, `slots` at a time.
 *
 * Durations and result are in milliseconds.
 */
export function shortestTime(durations: readonly number[], slots: number): number {
  const free = new Float64Array(Math.max(1, Math.min(slots, durations.length)));
  for (const duration of durations) replaceFirst(free, free[0] + duration);
  return Math.max(...free);
}

/** Replaces the first and smallest value of a binary heap. */
function replaceFirst(heap: Float64Array, value: number): void {
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
    if (child >= heap.length || heap[child] >= value) break;
    heap[index] = heap[child];
    index = child;
  }
  heap[index] = value;
}
