/**
 * The part `discover`: a network without a list, from its DNS seeds to the end.
 *
 * It is held against `crawl()` given the list of the addresses that the discovery has called. These are six
 * times as many as there are peers, since gossip names them. The time that `crawl()` takes for the peers alone
 * is shown beside it. A discovery also asks each peer that answers for the addresses it knows: that takes
 * another round trip, and 30 KB to put together and to read.
 *
 * One discovery that does not count comes first. All peers share a core here, and what each does for the first
 * time takes several times as long: those of the real network have been asked before.
 */
import { formatCount } from "@course/lib/util";
import type { DiscoverJob, Measured } from "./clients/job";
import { median } from "./measure";
import { startPeers } from "./network";
import { type Report, target, type Target } from "./report";
import { runClient } from "./run-client";

const SIZES = [10_000, 50_000];
const CONCURRENCY = 1000;
const TIMEOUT_MS = 1000;

/** One discovery, and crawls of lists on the same network. */
interface Round {
  discovery: Measured;
  /** Given the addresses that the discovery has called. */
  crawl: Measured;
  /** Given the addresses of the peers alone. */
  peersOnly: Measured;
  /** Peers that answer in time, that somebody has named, and that the discovery did not record. */
  missed: number;
  /** Peers that answer in time, and that the discovery has heard of. */
  named: number;
}

interface DiscoveryOptions {
  rounds: number;
  peers: number;
  log: (text: string) => void;
}

/** Measures discoveries of networks with real latencies. */
export async function discovery({ rounds, peers, log }: DiscoveryOptions): Promise<Report> {
  const sizes = peers < SIZES[0] ? [peers] : SIZES;
  const runs = new Map<number, Round[]>();
  for (const size of sizes) {
    const done: Round[] = [];
    runs.set(size, done);
    for (let round = 0; round < rounds; round++) {
      log(`round ${round + 1} of ${rounds}: ${formatCount(size)} peers`);
      done.push(await roundOf(size));
    }
  }
  return {
    head: [
      "discover, real latencies",
      "wall s",
      "CPU s",
      "crawl() of the same s",
      "ratio",
      "crawl() of the peers s",
      "heard of",
      "mentions",
      "bytes each",
      "missed",
    ],
    rows: [...runs].map(([size, done]) => rowOf(size, done)),
    targets: [...runs].flatMap(([size, done]) => targetsOf(size, done)).concat(proportion(runs)),
    figures: [...runs].map(([size, done]) => ({ size, rounds: done.map(withoutLines) })),
  };
}

/** Runs the discovery, then the crawls. */
async function roundOf(peers: number): Promise<Round> {
  const { file, truth, seeds, close } = await startPeers(peers, { latency: 1 });
  try {
    const isInTime = (line: number) => truth[line].outcome === "version";
    const job = { concurrency: CONCURRENCY, timeoutMs: TIMEOUT_MS, repetitions: 1, track: false };
    const heardFile = `${file}.heard`;
    const discoverJob: DiscoverJob = { ...job, file, seeds: await seeds(), heardFile };
    const flags = ["--expose-gc"];
    await runClient("discover", discoverJob, flags);
    const discovery = await runClient("discover", discoverJob, flags);
    const crawl = await runClient("crawl", { ...job, file: heardFile }, flags);
    const peersOnly = await runClient("crawl", { ...job, file }, flags);
    const answered = new Set(discovery.lines);
    const named = discovery.known!.filter(isInTime);
    const missed = named.filter((line) => !answered.has(line)).length;
    return { discovery, crawl, peersOnly, missed, named: named.length };
  } finally {
    await close();
  }
}

const ratioOf = ({ discovery, crawl }: Round) => discovery.wallMs / crawl.wallMs;
const bytesOf = ({ discovery }: Round) => discovery.bytes! / discovery.heardOf!;

function rowOf(size: number, rounds: readonly Round[]): (string | number)[] {
  const middle = (figure: (round: Round) => number) => median(rounds.map(figure));
  return [
    `${formatCount(size)} peers`,
    (middle(({ discovery }) => discovery.wallMs) / 1000).toFixed(1),
    (middle(({ discovery }) => discovery.cpuMs) / 1000).toFixed(1),
    (middle(({ crawl }) => crawl.wallMs) / 1000).toFixed(1),
    middle(ratioOf).toFixed(2),
    (middle(({ peersOnly }) => peersOnly.wallMs) / 1000).toFixed(1),
    formatCount(middle(({ discovery }) => discovery.heardOf!)),
    formatCount(middle(({ discovery }) => discovery.mentions!)),
    Math.round(middle(bytesOf)),
    `${formatCount(middle(({ missed }) => missed))} of ${formatCount(middle(({ named }) => named))}`,
  ];
}

function targetsOf(size: number, rounds: readonly Round[]): Target[] {
  const missed = rounds.map((round) => round.missed);
  const peers = `${formatCount(size)} peers`;
  return [
    target(
      `${peers}: wall time, as a multiple of that of crawl() given the same addresses`,
      median(rounds.map(ratioOf)),
      {
        most: 1.5,
      },
    ),
    target(`${peers}: memory per known address in bytes`, median(rounds.map(bytesOf)), { most: 300 }, 0),
    {
      sentence: `${peers}: missed ${missed.join(", ")} peers that answer in time and that somebody named (target: 0 in the median round)`,
      met: median(missed) === 0,
    },
  ];
}

/** Returns a target for the time per peer of the larger network. */
function proportion(runs: ReadonlyMap<number, readonly Round[]>): Target[] {
  const perPeer = [...runs].map(
    ([size, rounds]) => median(rounds.map(({ discovery }) => discovery.wallMs)) / size,
  );
  if (perPeer.length < 2) return [];
  const what = `${formatCount(SIZES[1])} peers: wall time per peer, as a multiple of that with ${formatCount(SIZES[0])}`;
  return [target(what, perPeer[1] / perPeer[0], { most: 1.15 })];
}

function withoutLines({ discovery, ...round }: Round): object {
  const { lines: _, known: __, ...figures } = discovery;
  return { ...round, discovery: figures };
}
