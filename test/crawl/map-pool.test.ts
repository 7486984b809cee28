import { expect, test } from "vitest";
import { mapPool } from "@course/lib/crawl";
import { settle } from "../helpers/blocking";

const double = async (n: number) => 2 * n;

/** Work whose end the test decides. */
function work() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve: (value: number) => void; reject: (error: Error) => void }>();
  const fn = (n: number) => {
    begun.push(n);
    return new Promise<number>((resolve, reject) => ends.set(n, { resolve, reject }));
  };
  return { begun, ends, fn };
}

test("mapPool() gives the results in the order of the items, in whichever order they come", async () => {
  const { ends, fn } = work();
  const result = mapPool([1, 2, 3], 3, fn);
  for (const n of [3, 1, 2]) {
    ends.get(n)!.resolve(10 * n);
    await settle();
  }
  expect(await result).toEqual([10, 20, 30]);
});

test.each([1, 2, 7, 1000])(
  "mapPool() gives the same results with a concurrency of %d",
  async (concurrency) => {
    expect(await mapPool([1, 2, 3, 4, 5], concurrency, double)).toEqual([2, 4, 6, 8, 10]);
  },
);

test("mapPool() of no items gives no results", async () => {
  expect(await mapPool([], 3, double)).toEqual([]);
});

test("mapPool() keeps results that are undefined", async () => {
  expect(await mapPool([1, 2], 3, async () => undefined)).toEqual([undefined, undefined]);
});

test("mapPool() takes items from any iterable", async () => {
  expect(await mapPool(new Set([1, 2]), 2, double)).toEqual([2, 4]);
  expect(await mapPool("ab", 2, async (letter) => letter.toUpperCase())).toEqual(["A", "B"]);
  expect(await mapPool(new Map([["a", 1]]), 2, async ([, n]) => n)).toEqual([1]);
});

test("mapPool() starts as many calls as its concurrency, and one more when one is done", async () => {
  const { begun, ends, fn } = work();
  const result = mapPool([1, 2, 3, 4], 2, fn);
  expect(begun).toEqual([1, 2]);
  ends.get(2)!.resolve(0);
  await settle();
  expect(begun).toEqual([1, 2, 3]);
  ends.get(3)!.resolve(0);
  await settle();
  expect(begun).toEqual([1, 2, 3, 4]);
  ends.get(1)!.resolve(0);
  ends.get(4)!.resolve(0);
  await result;
});

test("mapPool() takes no more items than it has calls under way, also from an endless list", async () => {
  let taken = 0;
  function* endless() {
    for (;;) yield taken++;
  }
  const { ends, fn } = work();
  const result = mapPool(endless(), 3, fn);
  await settle();
  expect(taken).toBe(3);
  ends.get(1)!.resolve(0);
  await settle();
  expect(taken).toBe(4);
  ends.get(0)!.reject(new Error("enough"));
  await expect(result).rejects.toThrow("enough");
});

test("mapPool() takes a concurrency far above the number of items", async () => {
  expect(await mapPool([1], Number.MAX_SAFE_INTEGER, double)).toEqual([2]);
});

test.each([0, -1, 1.5, NaN, Infinity, "3" as unknown as number])(
  "mapPool() refuses a concurrency of %s, and calls nothing",
  async (concurrency) => {
    const { begun, fn } = work();
    const call = mapPool([1], concurrency, fn);
    await expect(call).rejects.toThrow(RangeError);
    await expect(call).rejects.toThrow(
      `expected \`concurrency\` to be an integer from 1 and up, got ${concurrency}`,
    );
    expect(begun).toEqual([]);
  },
);

test("mapPool() rejects at the first error, and takes no item after it", async () => {
  let isClosed = false;
  function* items() {
    try {
      yield* [1, 2, 3, 4];
    } finally {
      isClosed = true;
    }
  }
  const { begun, ends, fn } = work();
  const result = mapPool(items(), 2, fn);
  ends.get(2)!.reject(new Error("of two"));
  await expect(result).rejects.toThrow("of two");
  expect(isClosed).toBe(true);
  ends.get(1)!.resolve(0);
  await settle();
  expect(begun).toEqual([1, 2]);
});

test("mapPool() ignores errors after the first", async () => {
  const { ends, fn } = work();
  const result = mapPool([1, 2], 2, fn);
  ends.get(2)!.reject(new Error("of two"));
  await expect(result).rejects.toThrow("of two");
  ends.get(1)!.reject(new Error("of one"));
  await settle(); // an unhandled rejection would fail the test
});

test("mapPool() rejects when its function throws instead of returning a promise", async () => {
  const begun: number[] = [];
  const call = mapPool([1, 2, 3], 2, (n) => {
    begun.push(n);
    throw new Error("at once");
  });
  await expect(call).rejects.toThrow("at once");
  expect(begun).toEqual([1]);
});

test("mapPool() rejects with what the loop over its items throws", async () => {
  function* items() {
    yield 1;
    throw new Error("no more");
  }
  await expect(mapPool(items(), 2, double)).rejects.toThrow("no more");
});
