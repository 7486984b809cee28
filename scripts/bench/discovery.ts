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
import type { PopulationName } from "@course/lib/practice";
import { formatCount } from "@course/lib/util";
import type { DiscoverJob, Measured } from "./clients/job";
import { median } from "./measure";
import { startPeers } from "./network";
import { type Report, target, type Target } from "./report";
import { runClient } from "./run-client";

/** The networks, and how many peers each has. */
const CASES: readonly Case[] = [
  { population: "2018", peers: 10_000 },
  { population: "2026", peers: 10_000 },
  { population: "2026", peers: 50_000 },
];
const FEWEST = Math.min(...CASES.map(({ peers }) => peers));
const CONCURRENCY = 1000;
const TIMEOUT_MS = 1000;

interface Case {
  population: PopulationName;
  peers: number;
}

interface Measurement extends Case {
  rounds: Round[];
}

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
  const small = CASES.filter((one) => one.peers === FEWEST).map((one) => ({ ...one, peers }));
  const measured: Measurement[] = [];
  for (const one of peers < FEWEST ? small : CASES) {
    const runs: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      log(`round ${round + 1} of ${rounds}: ${nameOf(one)}`);
      runs.push(await roundOf(one));
    }
    measured.push({ ...one, rounds: runs });
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
    rows: measured.map(rowOf),
    targets: measured.flatMap(targetsOf).concat(proportions(measured)),
    figures: measured.map((one) => ({ ...one, rounds: one.rounds.map(withoutLines) })),
  };
}

function nameOf({ population, peers }: Case): string {
  return `${formatCount(peers)} peers of ${population}`;
}

/** Runs the discovery, then the crawls. */
async function roundOf({ population, peers }: Case): Promise<Round> {
  const { file, truth, seeds, close } = await startPeers(peers, { latency: 1, population });
  try {
    const isInTime = (line: number) => truth[line].outcome === "version";
    const job = { concurrency: CONCURRENCY, timeoutMs: TIMEOUT_MS, repetitions: 1, track: false };
    const heardFile = `${file}.heard`;
    const discoverJob: DiscoverJob = { ...job, file, seeds: await seeds(), heardFile };
    await runClient("discover", discoverJob);
    const discovery = await runClient("discover", discoverJob);
    const crawl = await runClient("crawl", { ...job, file: heardFile });
    const peersOnly = await runClient("crawl", { ...job, file });
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

function rowOf({ rounds, ...one }: Measurement): (string | number)[] {
  const middle = (figure: (round: Round) => number) => median(rounds.map(figure));
  return [
    nameOf(one),
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

function targetsOf({ rounds, ...one }: Measurement): Target[] {
  const missed = rounds.map((round) => round.missed);
  const peers = nameOf(one);
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

/** Returns a target for the time per peer of each larger network. */
function proportions(measured: readonly Measurement[]): Target[] {
  return measured
    .filter(({ peers }) => peers > FEWEST)
    .map((large) => {
      const small = measured.find(
        ({ population, peers }) => population === large.population && peers === FEWEST,
      )!;
      const what = `${nameOf(large)}: wall time per peer, as a multiple of that with ${formatCount(FEWEST)}`;
      return target(what, perPeer(large) / perPeer(small), { most: 1.15 });
    });
}

function perPeer({ rounds, peers }: Measurement): number {
  return median(rounds.map(({ discovery }) => discovery.wallMs)) / peers;
}

function withoutLines({ discovery, ...round }: Round): object {
  const { lines: _, known: __, ...figures } = discovery;
  return { ...round, discovery: figures };
}
