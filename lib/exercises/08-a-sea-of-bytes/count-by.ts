/** 08-a-sea-of-bytes: how often each key occurs. */
import { expectEqual, expectThat, show } from "../../checks/expect";
import { countBy } from "../../data/statistics";
import { defineExercise } from "../../checks/exercise";
import { listOf, oneOf } from "../shared/random-input";

type Answer = typeof countBy;

const identity = (text: string): string => text;

/** Expects these entries in this order, which a comparison of maps ignores. */
function expectCounts(answer: Answer, items: Iterable<string>, expected: [string, number][]): void {
  const what = `the counts of the items ${show([...items].join(" "))}, each its own key`;
  const counts: unknown = answer(items, identity);
  expectThat(counts instanceof Map, `${what}: expected a Map, got ${show(counts)}`);
  expectEqual(what, [...counts], expected);
}

export default defineExercise<Answer>({
  id: "countBy",
  notebook: "08-a-sea-of-bytes",
  title: "How often is what",
  points: 2,
  solution: countBy,
  source: "data/statistics.ts",
  randomArguments: (random) => [listOf(random, 40, () => oneOf(random, ["a", "b", "c", "d"])), identity],
  hints: [
    "Two steps. First go through the items once and keep, for each key, a number that grows by one. Then put what you have in order.",
    "`counts.set(name, (counts.get(name) ?? 0) + 1)` adds one, for a key that is new as well. A `Map` remembers in which order its keys came. `[...counts]` is a list of pairs that can be sorted, and `new Map(pairs)` is a map again.",
    "```ts\nconst counts = new Map<string, number>();\nfor (const item of items) {\n  const name = key(item);\n  counts.set(name, (counts.get(name) ?? 0) + 1);\n}\nreturn new Map([...counts].sort(([, a], [, b]) => b - a));\n```\n\n`sort` leaves what is equal in the order in which it was: ties take care of themselves.",
  ],
  checks: [
    {
      name: "Every key is counted, the most frequent first",
      run: (answer) =>
        expectCounts(
          answer,
          ["a", "b", "b", "c", "b", "c"],
          [
            ["b", 3],
            ["c", 2],
            ["a", 1],
          ],
        ),
    },
    {
      name: "The key of each item is counted",
      run(answer) {
        const nodes = [{ port: 8333 }, { port: 18333 }, { port: 18333 }];
        const counts = answer(nodes, ({ port }) => `port ${port}`);
        const what = `the counts of ${show(nodes)} by the key "port …"`;
        expectEqual(what, [...(counts ?? [])], [["port 18333", 2], ["port 8333", 1]]); // prettier-ignore
      },
    },
    {
      name: "Of keys with the same count, the one that came first is first",
      run: (answer) =>
        expectCounts(
          answer,
          ["z", "a", "m", "a", "z", "q"],
          [
            ["z", 2],
            ["a", 2],
            ["m", 1],
            ["q", 1],
          ],
        ),
    },
    {
      name: "Numbers are compared as numbers",
      run: (answer) =>
        expectCounts(
          answer,
          [..."x".repeat(9), ..."y".repeat(10)],
          [
            ["y", 10],
            ["x", 9],
          ],
        ),
    },
    {
      name: "Names of object properties are ordinary keys",
      run: (answer) =>
        expectCounts(
          answer,
          ["constructor", "7", "__proto__", "7"],
          [
            ["7", 2],
            ["constructor", 1],
            ["__proto__", 1],
          ],
        ),
    },
    {
      name: "Items can be any iterable, and are not changed",
      run(answer) {
        expectEqual(
          `the counts of the Set { "a" }`,
          [...(answer(new Set(["a"]), identity) ?? [])],
          [["a", 1]],
        );
        const items = ["b", "a", "a"];
        answer(items, identity);
        expectEqual("the items, afterwards", items, ["b", "a", "a"]);
      },
    },
    {
      name: "No items give an empty map",
      run: (answer) => expectCounts(answer, [], []),
    },
  ],
  wrongAnswers: [
    {
      name: "does not sort the counts",
      caughtBy: "Every key is counted, the most frequent first",
      answer: (items, key) => inOrderOfCount(items, key, () => 0),
    },
    {
      name: "puts the rarest first",
      caughtBy: "Every key is counted, the most frequent first",
      answer: (items, key) => new Map([...countBy(items, key)].reverse()),
    },
    {
      name: "gives a list of pairs",
      caughtBy: "Every key is counted, the most frequent first",
      answer: (items, key) => [...countBy(items, key)] as unknown as Map<string, number>,
    },
    {
      name: "counts the items themselves",
      caughtBy: "The key of each item is counted",
      answer: (items) => countBy(items, String),
    },
    {
      name: "sorts keys with the same count alphabetically",
      caughtBy: "Of keys with the same count, the one that came first is first",
      answer: (items, key) => inOrderOfCount(items, key, ([a, m], [b, n]) => n - m || a.localeCompare(b)),
    },
    {
      name: "sorts the numbers as text",
      caughtBy: "Numbers are compared as numbers",
      answer: (items, key) => inOrderOfCount(items, key, ([, m], [, n]) => (String(m) < String(n) ? 1 : -1)),
    },
    {
      name: "counts in an object, which has inherited keys and sorts numeric ones",
      caughtBy: "Names of object properties are ordinary keys",
      answer(items, key) {
        const counts: Record<string, number> = {};
        for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
        return new Map(Object.entries(counts).sort(([, a], [, b]) => b - a));
      },
    },
    {
      name: "accepts only lists",
      caughtBy: "Items can be any iterable, and are not changed",
      answer: (items, key) => (Array.isArray(items) ? countBy(items, key) : new Map()),
    },
    {
      name: "requires at least one item",
      caughtBy: "No items give an empty map",
      answer(items, key) {
        const counts = countBy(items, key);
        if (counts.size === 0) throw new Error("nothing to count");
        return counts;
      },
    },
  ],
});

type Entry = [key: string, count: number];

function inOrderOfCount<T>(
  items: Iterable<T>,
  key: (item: T) => string,
  compare: (a: Entry, b: Entry) => number,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return new Map([...counts].sort(compare));
}
