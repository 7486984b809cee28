import { fork } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { WorkerWatch } from "@course/lib/checks";

const ECHO =
  'const { parentPort } = require("node:worker_threads"); parentPort.on("message", (m) => parentPort.postMessage(m));';

test("threads and processes are seen, how many at once, and when they are gone", async () => {
  const controller = new AbortController();
  const watch = new WorkerWatch(controller.signal);
  const thread = new Worker(ECHO, { eval: true, execArgv: [] });
  const child = fork("-e", ["setInterval(() => {}, 1e6)"], { execArgv: [] });
  expect(watch.started.map(({ kind, isAlive }) => [kind, isAlive])).toEqual([
    ["thread", true],
    ["process", true],
  ]);
  expect(watch.mostAlive).toBe(2);
  await thread.terminate();
  expect(watch.alive.map(({ kind }) => kind)).toEqual(["process"]);
  const gone = once(child, "exit");
  controller.abort(); // ends what is left
  await Promise.all([gone, watch.started[1].gone]);
  expect(watch.alive).toEqual([]);
  const unseen = new Worker("", { eval: true, execArgv: [] });
  await once(unseen, "exit");
  expect(watch.started).toHaveLength(2);
});

test("threads that have a message to answer are busy, others are not", async () => {
  const controller = new AbortController();
  const watch = new WorkerWatch(controller.signal);
  const threads = [1, 2, 3].map(() => new Worker(ECHO, { eval: true, execArgv: [] }));
  for (const thread of threads.slice(0, 2)) {
    thread.postMessage("one after the other");
    await once(thread, "message");
  }
  expect(watch.mostBusy).toBe(1);
  const answers = threads.map((thread) => once(thread, "message"));
  threads.forEach((thread) => thread.postMessage("at the same time"));
  await Promise.all(answers);
  expect([watch.mostBusy, watch.mostAlive]).toEqual([3, 3]);
  controller.abort();
  await Promise.all(watch.started.map(({ gone }) => gone));
});
