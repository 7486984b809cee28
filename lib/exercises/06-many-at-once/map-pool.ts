/** 06-many-at-once: a function applied to many items, with a bound on how many run at the same time. */
import { mapPool } from "../../crawl/map-pool";
import { answerPlace } from "../../checks/place/answer-place";
import { triedWith } from "../../checks/calls";
import { expectEqual, expectError, expectThat, Mismatch, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { wrongPools } from "./map-pool.wrong";

type Answer = typeof mapPool;

/** How many turns of the event loop an answer may take until it begins the next item. */
const TURNS = 10;

/** How long an answer may take to settle when all that it has begun is done, in milliseconds. */
const SETTLING_MS = 1500;

/** One item in progress. */
interface Begun {
  item: string;
  resolve(result: string): void;
  reject(error: Error): void;
}

/** Work that lasts as long as the check wants: each item waits until the check lets it succeed or fail. */
class Work {
  /** The items that were begun, in their order. */
  readonly begun: string[] = [];
  /** The most items that were in progress at the same time. */
  most = 0;
  private readonly inProgress: Begun[] = [];

  readonly fn = (item: string): Promise<string> => {
    this.begun.push(item);
    const result = new Promise<string>((resolve, reject) => {
      this.inProgress.push({ item, resolve, reject });
    });
    this.most = Math.max(this.most, this.inProgress.length);
    return result;
  };

  /** Finishes an item, and gives the answer time to go on. */
  async finish(item: string): Promise<void> {
    this.end(item).forEach(({ resolve }) => resolve(item.toUpperCase()));
    await turns();
  }

  async fail(item: string, error: Error): Promise<void> {
    this.end(item).forEach(({ reject }) => reject(error));
    await turns();
  }

  /** Finishes all items in progress, until no more begins: the oldest first, or the newest. */
  async finishAll(newestFirst = false): Promise<void> {
    for (;;) {
      const next = this.inProgress.at(newestFirst ? -1 : 0);
      if (!next) return;
      await this.finish(next.item);
    }
  }

  private end(item: string): Begun[] {
    const ended = this.inProgress.filter((begun) => begun.item === item);
    for (const begun of ended) this.inProgress.splice(this.inProgress.indexOf(begun), 1);
    return ended;
  }
}

function turns(): Promise<void> {
  return answerPlace().turns(TURNS);
}

const LETTERS = ["a", "b", "c", "d", "e", "f"];
const CAPITALS = ["A", "B", "C", "D", "E", "F"];

/** A call of an answer, with its work. */
interface PoolCall {
  /** The call, as a message names it. */
  what: string;
  work: Work;
  result: Promise<unknown>;
}

/** Starts the answer. A check need not wait for its end. `name` is how a message writes `items`. */
async function begin(
  answer: Answer,
  items: Iterable<string>,
  concurrency: number,
  name = show(items),
): Promise<PoolCall> {
  const work = new Work();
  const what = `mapPool(${name}, ${concurrency}, fn)`;
  const result = triedWith(what, () => answer(items, concurrency, work.fn));
  Promise.resolve(result).catch(() => {}); // so that it is no unhandled rejection when a check does not wait
  await turns();
  expectOnce(what, work);
  return { what, work, result };
}

function expectOnce(what: string, { begun }: Work): void {
  const twice = begun.find((item, place) => begun.indexOf(item) !== place);
  const times = begun.filter((item) => item === twice).length;
  expectThat(
    twice === undefined,
    `${what}: expected each item to be begun once, got ${show(twice)} begun ${times === 2 ? "twice" : `${times} times`}. ` +
      "While one worker awaits, the others run: take an item and move the place on before you await",
  );
}

/** Resolves to what a call whose work is done resolves to. Throws a Mismatch if it does not settle. */
async function resultOf({ what, work, result }: PoolCall): Promise<unknown> {
  expectOnce(what, work);
  const pending = Symbol("pending");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, SETTLING_MS, pending)));
  try {
    const value = await Promise.race([result, late]);
    expectThat(
      value !== pending,
      `${what}: expected it to finish, since all that it began is done (${work.begun.join(", ") || "nothing"}), got it still waiting`,
    );
    return value;
  } finally {
    clearTimeout(timer);
  }
}

/** Returns an iterable that counts how many of its items were taken. */
function countedList(items: readonly string[]): { items: Iterable<string>; taken(): number } {
  let taken = 0;
  function* take(): Generator<string> {
    for (const item of items) {
      taken++;
      yield item;
    }
  }
  return { items: take(), taken: () => taken };
}

export default defineExercise<Answer>({
  id: "mapPool",
  notebook: "06-many-at-once",
  title: "Never more than so many",
  points: 4,
  solution: mapPool,
  source: "crawl/map-pool.ts",
  hints: [
    "Think of a shop with `concurrency` clerks and one queue. A clerk takes the next customer, serves them to the end, and takes the next, until the queue is empty. One clerk is an `async` function with a loop in it. How many clerks do you start, and what do you wait for in the end?",
    "All clerks loop over the *same* queue: a generator that is made once and shared, so that nobody is served twice. Let it give the place of each item as well, since a result belongs at that place, whenever it comes: `results[place] = await fn(item)`. And a `for … of` that an error leaves closes the generator it was looping over, for everybody.",
    "One clerk, and all of them:\n\n```ts\nasync function work(): Promise<void> {\n  for (const [place, item] of queue) results[place] = await fn(item);\n  isEmpty = true;\n}\nconst workers: Promise<void>[] = [];\nwhile (workers.length < concurrency && !isEmpty) workers.push(work());\nawait Promise.all(workers);\n```\n\nBefore it, `results` is an empty list, `isEmpty` is false, and `queue` is what a small generator gives: `function* numbered(…) { let place = 0; for (const item of items) yield [place++, item]; }`. The `while` starts no worker once the queue is empty: nobody needs a thousand clerks for two customers. Before all that, look at `concurrency`: `Number.isInteger` says whether it is whole.",
  ],
  checks: [
    {
      name: "The results are in the order of the items, whichever is done first",
      async run(answer) {
        const call = await begin(answer, LETTERS, 3);
        await call.work.finishAll(true);
        expectEqual(`${call.what}, the newest done first: the results`, await resultOf(call), CAPITALS);
      },
    },
    {
      name: "As many as allowed are begun at once",
      async run(answer) {
        const { what, work } = await begin(answer, LETTERS, 3);
        expectEqual(`${what}: the items that were begun at once`, work.begun, ["a", "b", "c"]);
        await work.finishAll();
      },
    },
    {
      name: "Never more than that are in progress",
      async run(answer) {
        for (const concurrency of [1, 2, 4]) {
          const call = await begin(answer, LETTERS, concurrency);
          await call.work.finishAll();
          await resultOf(call);
          const { most } = call.work;
          expectThat(
            most === concurrency,
            `${call.what}: expected ${concurrency} in progress at the same time and never more, got ${most}`,
          );
        }
      },
    },
    {
      name: "As soon as one is done, the next begins",
      async run(answer) {
        const { what, work } = await begin(answer, LETTERS, 2);
        await work.finish("b");
        const when = `${what}, "b" done and "a" still in progress`;
        expectEqual(`${when}: the items that were begun`, work.begun, ["a", "b", "c"]);
        await work.finish("c");
        expectEqual(`${when}, then "c" done, too: the items that were begun`, work.begun, [
          "a",
          "b",
          "c",
          "d",
        ]);
        await work.finishAll();
      },
    },
    {
      name: "It ends when the last item is done, and not when the first worker finds nothing left",
      async run(answer) {
        const call = await begin(answer, ["a", "b"], 2);
        const result = Promise.resolve(call.result).then(
          (value) => ({ value }),
          () => undefined,
        );
        await call.work.finish("b");
        const early = await Promise.race([result, turns().then(() => undefined)]);
        const when = `${call.what}, "b" done and "a" still in progress`;
        expectThat(early === undefined, `${when}: expected no result yet, got ${show(early?.value)}`);
        await call.work.finishAll();
        expectEqual(`${call.what}: the results`, await resultOf(call), ["A", "B"]);
      },
    },
    {
      name: "Items can be any iterable, and an item is taken only when it can begin",
      async run(answer) {
        const { items, taken } = countedList(LETTERS);
        const call = await begin(answer, items, 2, 'a generator of "a" to "f"');
        const count = taken(); // one more than are in progress is allowed
        expectThat(
          count <= 3,
          `${call.what}: expected 2 items to be taken at first, got ${count} taken; what if the list had no end?`,
        );
        await call.work.finishAll();
        expectEqual(`${call.what}: the results`, await resultOf(call), CAPITALS);
      },
    },
    {
      name: "The concurrency may be larger than the number of items, and there may be no items",
      async run(answer) {
        const call = await begin(answer, new Set(["a", "b"]), 1000);
        await call.work.finishAll();
        expectEqual(`${call.what}: the results`, await resultOf(call), ["A", "B"]);
        const none = await begin(answer, [], 3);
        expectEqual(`${none.what}: the results`, await resultOf(none), []);
      },
    },
    {
      name: "An error is passed on at once",
      async run(answer) {
        const { what, work, result } = await begin(answer, LETTERS, 2);
        const fault = new Error("b went wrong");
        const rejected = Promise.resolve(result).then(
          () => undefined,
          (error: unknown) => error,
        );
        await work.fail("b", fault);
        const still = new Error("nothing yet");
        const got = await Promise.race([rejected, turns().then(() => still)]);
        await work.finishAll();
        const when = `${what}, "b" gone wrong and "a" still in progress`;
        expectThat(got !== still, `${when}: expected the error of "b" at once, got nothing yet`);
        expectThat(got === fault, `${when}: expected the error of "b" as it was thrown, got ${show(got)}`);
      },
    },
    {
      name: "After an error nothing more is begun",
      async run(answer) {
        const call = await begin(answer, LETTERS, 2);
        await call.work.fail("b", new Error("b went wrong"));
        await call.work.finishAll();
        await resultOf(call).catch((error: unknown) => {
          if (error instanceof Mismatch) throw error;
        });
        const when = `${call.what}, "b" gone wrong, then "a" done`;
        expectEqual(`${when}: the items that were begun`, call.work.begun, ["a", "b"]);
      },
    },
    {
      name: "A concurrency that is not a whole number of at least 1 is an error, and nothing is begun",
      async run(answer) {
        // 0 comes last: an answer that does not check is caught before it loops in steps of 0 for ever.
        for (const concurrency of [1.5, -1, NaN, 0]) {
          const work = new Work();
          const call = expectError(`for a concurrency of ${concurrency}`, () =>
            answer(LETTERS, concurrency, work.fn),
          );
          await Promise.race([call, turns()]); // an answer that begins never ends by itself
          const begun = work.begun.length;
          void call.catch(() => {});
          expectThat(
            begun === 0,
            `with a concurrency of ${concurrency}: expected an error and nothing begun, got ${begun} begun`,
          );
          await call;
        }
      },
    },
  ],
  wrongAnswers: wrongPools,
});
