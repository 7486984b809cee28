/** What learners plausibly write instead of `mapPool`. */
import { mapPool } from "../../crawl/map-pool";
import type { WrongAnswer } from "../../checks/exercise";

export const wrongPools: readonly WrongAnswer<typeof mapPool>[] = [
  {
    name: "begins all of them at once",
    caughtBy: "Never more than that are in progress",
    answer: (items, _concurrency, fn) => Promise.all(Array.from(items, fn)),
  },
  {
    name: "does one after the other",
    caughtBy: "As many as allowed are begun at once",
    answer: (items, _concurrency, fn) => mapPool(items, 1, fn),
  },
  {
    name: "works in batches, each of which waits for its slowest",
    caughtBy: "As soon as one is done, the next begins",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      requireWhole(concurrency);
      const all = [...items];
      const results: R[] = [];
      for (let from = 0; from < all.length; from += concurrency) {
        results.push(...(await Promise.all(all.slice(from, from + concurrency).map(fn))));
      }
      return results;
    },
  },
  {
    name: "gives the results in the order in which they are done",
    caughtBy: "The results are in the order of the items, whichever is done first",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      const results: R[] = [];
      await mapPool(items, concurrency, async (item) => results.push(await fn(item)));
      return results;
    },
  },
  {
    name: "divides the list into equal shares, one per worker",
    caughtBy: "As soon as one is done, the next begins",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      const all = [...items];
      const results: R[] = [];
      const share = async (worker: number) => {
        for (let place = worker; place < all.length; place += concurrency) {
          results[place] = await fn(all[place]);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, (_, worker) => share(worker)));
      return results;
    },
  },
  {
    name: "moves the shared place on only after it has awaited",
    caughtBy: "As many as allowed are begun at once",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      requireWhole(concurrency);
      const all = [...items];
      const results: R[] = [];
      let next = 0;
      const work = async () => {
        while (next < all.length) {
          results[next] = await fn(all[next]);
          next++;
        }
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, work));
      return results;
    },
    message: /mapPool\(\[ 'a', .* 'f' \], 3, fn\): .* begun once, got "a" begun 3 times.*before you await/,
  },
  {
    name: "resolves when the last item is done, of which an empty list has none",
    caughtBy: "The concurrency may be larger than the number of items, and there may be no items",
    answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      const queue = [...items].entries();
      const results: R[] = [];
      let inProgress = 0;
      return new Promise((resolve, reject) => {
        const begin = () => {
          for (const [place, item] of queue) {
            inProgress++;
            fn(item).then((result) => {
              results[place] = result;
              if (--inProgress === 0) resolve(results);
              begin();
            }, reject);
            return;
          }
        };
        for (let i = 0; i < concurrency; i++) begin();
      });
    },
    message: /mapPool\(\[\], 3, fn\): expected it to finish, since all that it began is done/,
  },
  {
    name: "ends with the first worker that finds nothing left",
    caughtBy: "It ends when the last item is done, and not when the first worker finds nothing left",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      requireWhole(concurrency);
      const all = [...items];
      const queue = all.entries();
      const results: R[] = [];
      const work = async (): Promise<void> => {
        for (const [place, item] of queue) results[place] = await fn(item);
      };
      await Promise.race(Array.from({ length: Math.min(concurrency, all.length) }, work));
      return results;
    },
    message: /"b" done and "a" still in progress: expected no result yet, got \[/,
  },
  {
    name: "begins one too many",
    caughtBy: "Never more than that are in progress",
    answer: (items, concurrency, fn) => mapPool(items, concurrency + 1, fn),
  },
  {
    name: "takes the whole list before it begins",
    caughtBy: "Items can be any iterable, and an item is taken only when it can begin",
    answer: async (items, concurrency, fn) => mapPool([...items], concurrency, fn),
  },
  {
    name: "accepts only lists",
    caughtBy: "Items can be any iterable, and an item is taken only when it can begin",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      const list = items as T[];
      const places = Array.from({ length: list.length }, (_, place) => place);
      return mapPool(places, concurrency, (place) => fn(list[place]));
    },
  },
  {
    name: "gives as many results as the concurrency, though there are fewer items",
    caughtBy: "The concurrency may be larger than the number of items, and there may be no items",
    async answer(items, concurrency, fn) {
      const results = await mapPool(items, concurrency, fn);
      while (results.length < Math.min(concurrency, 10)) results.push(undefined as never);
      return results;
    },
  },
  {
    name: "waits for all items before it throws an error",
    caughtBy: "An error is passed on at once",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      const settled = await mapPool(items, concurrency, async (item) => {
        const [outcome] = await Promise.allSettled([fn(item)]);
        return outcome;
      });
      const failed = settled.find(({ status }) => status === "rejected") as PromiseRejectedResult | undefined;
      if (failed) throw failed.reason;
      return settled.map((outcome) => (outcome as PromiseFulfilledResult<Awaited<R>>).value);
    },
  },
  {
    name: "swallows errors",
    caughtBy: "An error is passed on at once",
    answer: (items, concurrency, fn) =>
      mapPool(items, concurrency, (item) => fn(item).catch(() => undefined as never)),
  },
  {
    name: "goes on after an error",
    caughtBy: "After an error nothing more is begun",
    async answer<T, R>(items: Iterable<T>, concurrency: number, fn: (item: T) => Promise<R>): Promise<R[]> {
      requireWhole(concurrency);
      const all = [...items];
      const results: R[] = [];
      let next = 0;
      const work = async () => {
        while (next < all.length) {
          const place = next++;
          results[place] = await fn(all[place]);
        }
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, work));
      return results;
    },
  },
  {
    name: "gives an empty list for a concurrency of 0",
    caughtBy: "A concurrency that is not a whole number of at least 1 is an error, and nothing is begun",
    answer: async (items, concurrency, fn) => (concurrency < 1 ? [] : mapPool(items, concurrency, fn)),
  },
  {
    name: "rounds the concurrency up",
    caughtBy: "A concurrency that is not a whole number of at least 1 is an error, and nothing is begun",
    answer: (items, concurrency, fn) => mapPool(items, Math.ceil(concurrency), fn),
  },
];

function requireWhole(concurrency: number): void {
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new RangeError(`expected a whole number of at least 1, got ${concurrency}`);
}
