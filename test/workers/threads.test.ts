import path from "node:path";
import { expect, test } from "vitest";
import { now, openFilesLimit } from "@course/lib/util";
import {
  crawlInThreads,
  fibonacci,
  FIBONACCI_SCRIPT,
  fibonacciInThreads,
  ThreadWorker,
} from "@course/lib/workers";

test("fibonacciInThreads() gives bigints in the order of its numbers, with any number of threads", async () => {
  const ns = [20, 0, 1, 2, 10, 3];
  const expected = [6765n, 0n, 1n, 1n, 55n, 2n];
  expect(ns.map(fibonacci)).toEqual(expected);
  for (const threads of [1, 2, 9]) expect(await fibonacciInThreads(ns, threads)).toEqual(expected);
  expect(await fibonacciInThreads([], 2)).toEqual([]);
  await expect(fibonacciInThreads([1], 0)).rejects.toThrow(
    "expected `threads` to be an integer from 1 and up, got 0",
  );
});

test("a thread's answer has the times of its start and end, on the clock of the main thread", async () => {
  const thread = new ThreadWorker(FIBONACCI_SCRIPT, "thread 7");
  const before = now();
  const answer = await thread.ask<bigint>(15);
  expect(answer).toMatchObject({ value: 610n, worker: "thread 7" });
  const times = [before, answer.startedAt, answer.endedAt, now()];
  expect(times).toEqual([...times].sort((a, b) => a - b));
  await thread.end();
});

test("requests made at the same time are answered by a thread one after the other", async () => {
  const thread = new ThreadWorker(FIBONACCI_SCRIPT);
  const answers = await Promise.all([12, 3, 7].map((n) => thread.ask<bigint>(n)));
  expect(answers.map(({ value }) => value)).toEqual([144n, 2n, 13n]);
  await thread.end();
});

test("a request that kills two threads rejects with WORKER_DIED, and with what they died of", async () => {
  const thread = new ThreadWorker(FIBONACCI_SCRIPT, "thread 1");
  const answer = thread.ask(Infinity); // recurses without end
  await expect(answer).rejects.toMatchObject({
    code: "WORKER_DIED",
    message: expect.stringContaining("thread 1: Maximum call stack size exceeded"),
  });
  await expect(thread.ask(5)).resolves.toMatchObject({ value: 5n });
  await thread.end();
});

test("a request whose thread is ended rejects, and starts no new thread", async () => {
  const thread = new ThreadWorker(FIBONACCI_SCRIPT);
  const answer = thread.ask(60); // takes hours
  const failed = expect(answer).rejects.toMatchObject({ code: "WORKER_DIED" });
  await thread.end();
  await failed;
  await expect(thread.ask(5)).rejects.toThrow("thread was ended");
});

test("a thread whose file does not exist rejects requests with an error that names it", async () => {
  const thread = new ThreadWorker(path.join(__dirname, "no-such-worker.js"));
  await expect(thread.ask(1)).rejects.toThrow(/no-such-worker/);
});

test("crawlInThreads() refuses a concurrency above the limit on open files of this process", async () => {
  const concurrency = openFilesLimit() + 2;
  await expect(crawlInThreads([], { threads: 4, concurrency }).next()).rejects.toThrow(/ulimit -n/);
});
