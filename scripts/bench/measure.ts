/**
 * Contestants measured against each other in one run: in turns, many short rounds, and the median.
 *
 * Single rounds scatter, and a machine does other things too. So it is this process's time on the
 * processor that counts, not the clock on the wall; what is compared is always of the same round; and
 * every other round goes through the contestants backwards.
 */

/** Something that does the same work as the others, `times` times over. */
export interface Candidate {
  name: string;
  run(times: number): void;
}

export interface Result {
  name: string;
  /** How often a second, in the median round. */
  perSecond: number;
  /** How much faster than the first contestant, in the median round. */
  ratio: number;
}

const LEAST_TIMES = 64;
/** However fast something is, or however slow the clock. */
const MOST_TIMES = 1e7;

export interface RoundOptions {
  rounds: number;
  /** How long one contestant takes in one round. */
  roundMs: number;
}

/** Measures the contestants, warmed up; the first is what the others are compared with. */
export function measure(candidates: readonly Candidate[], { rounds, roundMs }: RoundOptions): Result[] {
  const times = candidates.map((candidate) => timesFor(candidate, roundMs));
  const rates = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    const order = candidates.map((_, i) => (round % 2 === 0 ? i : candidates.length - 1 - i));
    for (const i of order) rates[i].push(ratePerSecond(candidates[i], times[i]));
  }
  return candidates.map(({ name }, i) => ({
    name,
    perSecond: Math.round(median(rates[i])),
    ratio: median(rates[i].map((rate, round) => rate / rates[0][round])),
  }));
}

/** How often a contestant does its work in a round, by a warm-up twice as long. */
function timesFor(candidate: Candidate, roundMs: number): number {
  let times = LEAST_TIMES;
  for (let spentMs = 0; spentMs < 2 * roundMs;) {
    const rate = ratePerSecond(candidate, times);
    spentMs += (1000 * times) / rate;
    times = Math.max(LEAST_TIMES, Math.min(2 * times, MOST_TIMES, Math.ceil((rate * roundMs) / 1000)));
  }
  return times;
}

function ratePerSecond(candidate: Candidate, times: number): number {
  const start = process.cpuUsage();
  candidate.run(times);
  const { user, system } = process.cpuUsage(start);
  return (1e6 * times) / Math.max(1, user + system);
}

/** The one in the middle; the lower of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
