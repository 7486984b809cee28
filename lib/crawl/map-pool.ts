/**
 * Runs an asynchronous function over items with a bound on concurrency.
 */
import { requirePositiveInteger } from "../util/numbers";

/**
 * Calls `fn` with each item, at most `concurrency` at a time, and returns the results in the order of the
 * items.
 *
 * An item is taken when a worker is free. The first error rejects, and no call is started after it.
 */
export async function mapPool<T, R>(
  items: Iterable<T>,
  concurrency: number,
  fn: (item: T) => Promise<R>,
): Promise<R[]> {
  requirePositiveInteger("concurrency", concurrency);
  const results: R[] = [];
  const queue = numbered(items);
  let isEmpty = false;
  // An error that leaves one loop closes the queue, which ends the loops of the other workers.
  async function work(): Promise<void> {
    for (const [place, item] of queue) results[place] = await fn(item);
    isEmpty = true;
  }
  const workers: Promise<void>[] = [];
  while (workers.length < concurrency && !isEmpty) workers.push(work());
  await Promise.all(workers);
  return results;
}

/** Yields each item with its place in the list. */
function* numbered<T>(items: Iterable<T>): Generator<[place: number, item: T]> {
  let place = 0;
  for (const item of items) yield [place++, item];
}
