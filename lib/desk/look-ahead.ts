/** Work on items of which some are begun ahead, and whose results come in the order of the items. */

/**
 * Yields what `work` resolves to for each item, in their order. At most `count` items are worked on at once.
 *
 * When the loop is left, or work fails, it waits for the work that has begun.
 */
export async function* lookAhead<T, R>(
  items: readonly T[],
  count: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<{ item: T; result: R }> {
  const begun: Promise<R>[] = [];
  try {
    for (const [i, item] of items.entries()) {
      for (const next of items.slice(begun.length, i + count)) {
        const result = work(next);
        result.catch(() => {}); // it is awaited in its turn
        begun.push(result);
      }
      yield { item, result: await begun[i] };
    }
  } finally {
    await Promise.allSettled(begun);
  }
}
