/**
 * How many are there, when two lists each have only some of them?
 *
 * Zoologists catch fish, mark them, let them go, and catch again: the fewer of the second catch are
 * marked, the more fish there must be. Chapman's estimator (1951), which is nearly unbiased for small
 * overlaps; the interval is the transformed logit one of Sadinle (2009), which stays right for them
 * (https://en.wikipedia.org/wiki/Mark_and_recapture).
 *
 * It takes for granted that nobody came or went between the lists, that everybody is as likely to be
 * on a list as everybody else, and that being on one says nothing about being on the other. Lists of
 * nodes break the last two: well-connected nodes are on all of them. Then the overlap is too big and
 * the estimate too small, so read it as "at least about so many".
 */

/** What two lists say about how many there are. */
export interface PopulationEstimate {
  /** Different entries of the first list, of the second, and how many of them are on both. */
  first: number;
  second: number;
  both: number;
  /** Entries on either. */
  seen: number;
  /** How many there are, by Chapman, to the nearest whole number; Infinity if the lists have nothing in common. */
  estimate: number;
  /** The 95% interval around it, chance alone considered; `high` is Infinity where the estimate is. */
  low: number;
  high: number;
}

/** How far the 95% interval goes, in standard errors. */
const Z = 1.96;

/** How many there are, from two lists of some. Entries that are repeated count once; the same node has to be spelled the same way. */
export function captureRecapture(first: Iterable<string>, second: Iterable<string>): PopulationEstimate {
  const [one, other] = [new Set(first), new Set(second)];
  const both = [...one].filter((entry) => other.has(entry)).length;
  const seen = one.size + other.size - both;
  const counts = { first: one.size, second: other.size, both, seen };
  const [low, high] = interval(one.size - both, other.size - both, both);
  if (both === 0) return { ...counts, estimate: Infinity, low: Math.max(low, seen), high: Infinity };
  const estimate = ((one.size + 1) * (other.size + 1)) / (both + 1) - 1;
  return { ...counts, estimate: Math.round(estimate), low: Math.max(low, seen), high };
}

/** The interval from how many are on the first list alone, on the second alone, and on both. */
function interval(firstOnly: number, secondOnly: number, both: number): [low: number, high: number] {
  const [a, b, m] = [firstOnly + 0.5, secondOnly + 0.5, both + 0.5];
  const sigma = Math.sqrt(1 / m + 1 / a + 1 / b + m / (a * b));
  const unseen = (a * b) / m;
  const seen = firstOnly + secondOnly + both - 0.5;
  const bound = (sign: number) => Math.round(seen + unseen * Math.exp(sign * Z * sigma));
  return [bound(-1), bound(1)];
}
