import { expect, test } from "vitest";
import { runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { testLesson } from "./contract";

testLesson("06-many-at-once");

test("a mapPool that starts as many workers as `concurrency` says, the field's own idiom, is right", async () => {
  const mapPool: typeof exercises.mapPool.solution = async (items, concurrency, fn) => {
    if (!Number.isInteger(concurrency) || concurrency < 1) throw new RangeError(`got ${concurrency}`);
    const results: Awaited<ReturnType<typeof fn>>[] = [];
    const queue = items[Symbol.iterator]();
    let places = 0;
    let failed = false;
    const worker = async () => {
      for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
        const place = places++;
        results[place] = await fn(next.value).catch((error) => {
          failed = true;
          throw error;
        });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return results;
  };
  const verdict = await runChecks(exercises.mapPool, mapPool);
  expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
});
