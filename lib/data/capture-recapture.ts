/**
 * Estimates the size of a population from two lists that each have some of it.
 *
 * Zoologists catch fish, mark them, let them go, and catch again: the fewer fish of the second catch
 * are marked, the more fish there must be. The estimator is Chapman's (1951), which is nearly unbiased
 * for small overlaps. The interval is the transformed logit interval of Sadinle (2009), which is valid
 * for small overlaps too (https://en.wikipedia.org/wiki/Mark_and_recapture).
 *
 * The method assumes that
 *
 *  - the population does not change between the lists
 *  - every member is equally likely to be on a list
 *  - being on one list does not change the chance to be on the other
 *
 * Lists of nodes break the last two: well-connected nodes are on all lists. The overlap is then too
 * large and the estimate too small, so read it as "at least about this many".
 */

/** What two lists say about the size of the population. */
export interface PopulationEstimate {
  /** How many different entries are on the first list, on the second, and on both. */
  first: number;
  second: number;
  both: number;
  /** How many different entries are on at least one list. */
  seen: number;
  /** Chapman's estimate, rounded to an integer; Infinity if the lists have no entry in common. */
  estimate: number;
  /** The 95% confidence interval, which covers chance alone. `high` is Infinity if `estimate` is. */
  low: number;
  high: number;
}

/** Half the width of the 95% interval, in standard errors. */
const Z = 1.96;

/**
 * Estimates how many there are in total from two lists of some of them.
 *
 * Repeated entries count once. A node must be written the same way on both lists.
 */
export function captureRecapture(first: Iterable<string>, second: Iterable<string>): PopulationEstimate {
  const [marked, caught] = [new Set(first), new Set(second)];
  const both = [...marked].filter((entry) => caught.has(entry)).length;
  const seen = marked.size + caught.size - both;
  const counts = { first: marked.size, second: caught.size, both, seen };
  const [low, high] = interval(marked.size - both, caught.size - both, both);
  if (both === 0) return { ...counts, estimate: Infinity, low: Math.max(low, seen), high: Infinity };
  const estimate = ((marked.size + 1) * (caught.size + 1)) / (both + 1) - 1;
  return { ...counts, estimate: Math.round(estimate), low: Math.max(low, seen), high };
}

/** Returns the interval, from the counts of the first list alone, of the second alone, and of both. */
function interval(firstOnly: number, secondOnly: number, both: number): [low: number, high: number] {
  const [a, b, m] = [firstOnly + 0.5, secondOnly + 0.5, both + 0.5];
  const sigma = Math.sqrt(1 / m + 1 / a + 1 / b + m / (a * b));
  const unseen = (a * b) / m;
  const seen = firstOnly + secondOnly + both - 0.5;
  const bound = (sign: number) => Math.round(seen + unseen * Math.exp(sign * Z * sigma));
  return [bound(-1), bound(1)];
}
