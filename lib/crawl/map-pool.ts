/**
 * Many at once, and never more than so many: the pool in which all concurrent work of the course swims.
 */
import { requirePositiveInteger } from "../util/numbers";

/**
 * What `fn` gives for each of the items, in their order, with at most `concurrency` of them under way.
 * An item is taken when there is a place for it. The first error rejects, and nothing more is begun.
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
  // A loop that an error leaves closes the queue, and the loops of the other workers end with it.
  async function work(): Promise<void> {
    for (const [place, item] of queue) results[place] = await fn(item);
    isEmpty = true;
  }
  const workers: Promise<void>[] = [];
  while (workers.length < concurrency && !isEmpty) workers.push(work());
  await Promise.all(workers);
  return results;
}

/** Each item with its place in the list. */
function* numbered<T>(items: Iterable<T>): Generator<[place: number, item: T]> {
  let place = 0;
  for (const item of items) yield [place++, item];
}
