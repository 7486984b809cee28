/** 07-threads-and-processes: work that keeps a processor busy, done by threads that share one queue. */
import { fibonacci } from "../../workers/fibonacci";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { fibonacciInThreads, ThreadWorker } from "../../workers/threads";
import { FIBONACCI_SCRIPT } from "../../workers/script-paths";
import { defineExercise } from "../../checks/exercise";
import { expectEnded, expectStarted, watchWorkers } from "./worker-checks";

type Answer = typeof fibonacciInThreads;

/** How long one check may take, in milliseconds: threads have to start. */
const limitMs = 8000;
/** The first is so large that those after it are done before it. */
const NS = [25, 0, 1, 2, 10, 3, 20, 10];
const NUMBERS = NS.map(fibonacci);

/** Computes with this many threads, which `work` asks and `end` ends. */
async function withThreads(
  ns: number[],
  count: number,
  work: (threads: ThreadWorker[]) => Promise<bigint[]>,
  end = (thread: ThreadWorker): Promise<void> => thread.end(),
): Promise<bigint[]> {
  const threads = Array.from({ length: count }, () => new ThreadWorker(FIBONACCI_SCRIPT));
  const values = await work(threads);
  await Promise.all(threads.map(end));
  return values;
}

/** Asks the threads from one queue, and calls `onValue` with each value as it comes. */
async function fromQueue(
  threads: ThreadWorker[],
  ns: number[],
  onValue: (place: number, value: bigint) => void,
) {
  const queue = ns.entries();
  await Promise.all(
    threads.map(async (thread) => {
      for (const [place, n] of queue) onValue(place, (await thread.ask<bigint>(n)).value);
    }),
  );
}

async function inOrder(threads: ThreadWorker[], ns: number[]): Promise<bigint[]> {
  const values: bigint[] = [];
  await fromQueue(threads, ns, (place, value) => (values[place] = value));
  return values;
}

const QUEUE = "A thread that is done takes the next number, from a queue that all share";

export default defineExercise<Answer>({
  id: "fibonacciInThreads",
  notebook: "07-threads-and-processes",
  title: "Work for more than one processor",
  points: 3,
  solution: fibonacciInThreads,
  source: "workers/threads.ts",
  hints: [
    "The same queue again, with numbers in it instead of addresses, and `FIBONACCI_SCRIPT` instead of `VISIT_SCRIPT` for the threads to run.",
    "A thread is asked with `await thread.ask<bigint>(n)`, and what comes back is an answer with more in it than the number: `value`, `worker`, `startedAt`, `endedAt`. Keep the place of each `n`, since a small one is done before a large one.",
    "The line in the loop:\n\n```ts\nfor (const [place, n] of queue) values[place] = (await thread.ask<bigint>(n)).value;\n```\n\nAsking can fail, unlike visiting, so the thread is ended in a `finally`.",
  ],
  checks: [
    {
      name: "The numbers are bigints, in the order of the list",
      limitMs,
      async run(answer) {
        for (const threads of [1, 3])
          expectEqual(`fibonacciInThreads(${show(NS)}, ${threads})`, await answer(NS, threads), NUMBERS);
      },
    },
    {
      name: "As many threads as asked for are started",
      limitMs,
      async run(answer, signal) {
        const watch = watchWorkers(signal);
        await answer(NS, 3);
        expectStarted(watch, "thread", 3, `${show(NS)} and 3 threads`);
      },
    },
    {
      name: "The threads compute at the same time",
      limitMs,
      async run(answer, signal) {
        const watch = watchWorkers(signal);
        await answer(NS, 3);
        const most = watch.mostBusy || watch.mostAlive; // a thread may also be given its work when it starts
        expectThat(
          most === 3,
          `with ${show(NS)} and 3 threads: expected 3 to be at work at the same time, got ${most}`,
        );
      },
    },
    {
      name: QUEUE,
      limitMs,
      async run(answer, signal) {
        const watch = watchWorkers(signal);
        await answer(NS, 2);
        const input = `${show(NS)} and 2 threads`;
        // Judged by the order of questions and answers: a thread may start late on a busy machine.
        expectThat(
          watch.mostUnanswered <= 1,
          `with ${input}: expected a thread to be asked for one number at a time, got ${watch.mostUnanswered} at once`,
        );
        expectThat(
          watch.requestsWhileIdle >= NS.length,
          `with ${input}: expected a thread that is done to take the next number, got one without work when ${watch.requestsWhileIdle} of ${NS.length} were taken`,
        );
      },
    },
    {
      name: "All threads have ended when the numbers are returned",
      limitMs,
      async run(answer, signal) {
        const watch = watchWorkers(signal);
        await answer(NS, 2);
        await expectEnded(watch, "thread", `${show(NS)} and 2 threads`);
      },
    },
    {
      name: "There are no more threads than numbers",
      limitMs,
      async run(answer, signal) {
        const watch = watchWorkers(signal);
        expectEqual("the result for no numbers", await answer([], 2), []);
        expectStarted(watch, "thread", 0, "no numbers and 2 threads");
        expectEqual("the number for [7]", await answer([7], 4), [13n]);
        expectStarted(watch, "thread", 1, "[7] and 4 threads");
      },
    },
  ],
  wrongAnswers: [
    {
      name: "computes in the main thread",
      caughtBy: "As many threads as asked for are started",
      answer: async (ns) => ns.map(fibonacci),
    },
    {
      name: "gives numbers that are not bigints",
      caughtBy: "The numbers are bigints, in the order of the list",
      answer: async (ns, threads) =>
        (await fibonacciInThreads(ns, threads)).map(Number) as unknown as bigint[],
    },
    {
      name: "gives the values in the order in which they come",
      caughtBy: "The numbers are bigints, in the order of the list",
      answer: (ns, threads) =>
        withThreads(ns, Math.min(threads, ns.length), async (workers) => {
          const values: bigint[] = [];
          await fromQueue(workers, ns, (_, value) => values.push(value));
          return values;
        }),
    },
    {
      name: "gives the whole results instead of their values",
      caughtBy: "The numbers are bigints, in the order of the list",
      answer: (ns, threads) =>
        withThreads(
          ns,
          Math.min(threads, ns.length),
          ([thread]) => Promise.all(ns.map((n) => thread.ask(n))) as unknown as Promise<bigint[]>,
        ),
    },
    {
      name: "waits for each answer before it asks the next thread",
      caughtBy: "The threads compute at the same time",
      answer: (ns, threads) =>
        withThreads(ns, Math.min(threads, ns.length), async (workers) => {
          const values: bigint[] = [];
          for (const [i, n] of ns.entries()) {
            values.push((await workers[i % workers.length].ask<bigint>(n)).value);
          }
          return values;
        }),
    },
    {
      name: "deals the numbers out beforehand",
      caughtBy: QUEUE,
      answer: (ns, threads) =>
        withThreads(ns, Math.min(threads, ns.length), async (workers) => {
          const values: bigint[] = [];
          const share = async (thread: ThreadWorker, first: number) => {
            for (let i = first; i < ns.length; i += workers.length)
              values[i] = (await thread.ask<bigint>(ns[i])).value;
          };
          await Promise.all(workers.map(share));
          return values;
        }),
      message: /got one without work when \d of 8 were taken/,
    },
    {
      name: "asks for all numbers at once",
      caughtBy: QUEUE,
      answer: (ns, threads) =>
        withThreads(ns, Math.min(threads, ns.length), (workers) =>
          Promise.all(ns.map(async (n, i) => (await workers[i % workers.length].ask<bigint>(n)).value)),
        ),
    },
    {
      name: "starts a thread for every number",
      caughtBy: "As many threads as asked for are started",
      answer: (ns) => withThreads(ns, ns.length, (workers) => inOrder(workers, ns)),
    },
    {
      name: "starts threads that have nothing to do",
      caughtBy: "There are no more threads than numbers",
      answer: (ns, threads) => withThreads(ns, threads, (workers) => inOrder(workers, ns)),
    },
    {
      name: "never ends its threads",
      caughtBy: "All threads have ended when the numbers are returned",
      answer: (ns, threads) =>
        withThreads(
          ns,
          Math.min(threads, ns.length),
          (workers) => inOrder(workers, ns),
          async () => {},
        ),
    },
  ],
});
