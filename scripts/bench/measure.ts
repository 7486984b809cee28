/**
 * Measures candidates against each other: in turns, in many short rounds, by their medians.
 *
 * Single rounds scatter, and a machine does other things too. So this measures the CPU time of this process,
 * not wall time; it compares figures of the same round only; and it reverses the order every other round.
 */

/** Code to measure: `run` does the same work as the other candidates, `times` times. */
export interface Candidate {
  name: string;
  run(times: number): void;
}

export interface Result {
  name: string;
  /** How often per CPU second, in the median round. */
  perSecond: number;
  /** Its speed as a multiple of the first candidate's, in the median round. */
  ratio: number;
}

const MIN_TIMES = 64;
/** Bounds a round even if the CPU clock is too coarse to measure it. */
const MAX_TIMES = 1e7;

export interface RoundOptions {
  rounds: number;
  /** CPU time of one candidate in one round, in milliseconds. */
  roundMs: number;
}

/** Warms up and measures candidates. All are compared with the first. */
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

/**
 * Returns how often a candidate does its work in a round.
 *
 * Measures that in a warm-up of two rounds' length.
 */
function timesFor(candidate: Candidate, roundMs: number): number {
  let times = MIN_TIMES;
  for (let spentMs = 0; spentMs < 2 * roundMs;) {
    const rate = ratePerSecond(candidate, times);
    spentMs += (1000 * times) / rate;
    times = Math.max(MIN_TIMES, Math.min(2 * times, MAX_TIMES, Math.ceil((rate * roundMs) / 1000)));
  }
  return times;
}

function ratePerSecond(candidate: Candidate, times: number): number {
  const start = process.cpuUsage();
  candidate.run(times);
  const { user, system } = process.cpuUsage(start);
  return (1e6 * times) / Math.max(1, user + system);
}

/** Returns the middle value; the lower one of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
