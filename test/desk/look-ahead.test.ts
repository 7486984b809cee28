import { expect, test } from "vitest";
import { timeLeft } from "../../lib/desk/grade-class";
import { lookAhead } from "../../lib/desk/look-ahead";

/** Work that ends when the test says so. */
class Work {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, (error?: Error) => void>();

  readonly run = (item: string): Promise<string> => {
    this.begun.push(item);
    return new Promise((resolve, reject) =>
      this.ends.set(item, (error) => (error ? reject(error) : resolve(item.toUpperCase()))),
    );
  };

  end(item: string, error?: Error): void {
    this.ends.get(item)!(error);
  }
}

test("results come in the order of the items, and so many are begun ahead", async () => {
  const work = new Work();
  const results = lookAhead(["a", "b", "c", "d"], 2, work.run);
  const first = results.next();
  expect(work.begun).toEqual(["a", "b"]);
  work.end("b");
  work.end("a");
  expect((await first).value).toEqual({ item: "a", result: "A" });
  expect((await results.next()).value).toEqual({ item: "b", result: "B" });
  expect(work.begun).toEqual(["a", "b", "c"]);
  work.end("c");
  expect((await results.next()).value).toEqual({ item: "c", result: "C" });
  work.end("d");
  expect((await results.next()).value).toEqual({ item: "d", result: "D" });
  expect((await results.next()).done).toBe(true);
});

test("work that fails ends the loop, once what has begun is over", async () => {
  const work = new Work();
  const results = lookAhead(["a", "b"], 2, work.run);
  const first = results.next();
  let isOver = false;
  const failed = first.catch((error: Error) => {
    isOver = true;
    return error.message;
  });
  work.end("a", new Error("a went wrong"));
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  work.end("b");
  expect(await failed).toBe("a went wrong");
});

test("the time left of 30 learners, three at once for 9 s each, is near the truth from the first on", () => {
  const endMs = (learner: number) => 9000 + 3000 * (learner - 1);
  expect(timeLeft(0, 0, 30)).toBeUndefined();
  for (const done of [1, 2, 3, 10, 20, 27]) {
    const truth = endMs(30) - endMs(done);
    expect(timeLeft(endMs(done), done, 30 - done)! / truth, `after ${done}`).toBeGreaterThan(2 / 3);
    expect(timeLeft(endMs(done), done, 30 - done)! / truth, `after ${done}`).toBeLessThan(3 / 2);
  }
  expect(timeLeft(endMs(30), 30, 0)).toBe(0);
});
