import { fork } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { WorkerWatch } from "@course/lib/checks";

const ECHO =
  'const { parentPort } = require("node:worker_threads"); parentPort.on("message", (m) => parentPort.postMessage(m));';

test("WorkerWatch sees the threads and processes that are started, how many at once, and when they exit", async () => {
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

test("WorkerWatch counts the threads that have a message to answer as busy", async () => {
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

const ECHO_PROCESS = 'process.on("message", (message) => process.send(message));';

test("WorkerWatch counts the messages that a process has to answer, also those of its first turn", async () => {
  const controller = new AbortController();
  const watch = new WorkerWatch(controller.signal);
  const child = fork("-e", [ECHO_PROCESS], { execArgv: [] });
  child.send("one");
  child.send("two");
  expect(watch.started).toMatchObject([{ requests: 2, unanswered: 2 }]);
  await once(child, "message");
  await expect.poll(() => watch.started[0].unanswered).toBe(0);
  expect([watch.mostBusy, watch.mostUnanswered]).toEqual([1, 2]);
  controller.abort();
  await watch.started[0].gone;
});

test("WorkerWatch sees a worker that has nothing to do when another answers", async () => {
  const controller = new AbortController();
  const watch = new WorkerWatch(controller.signal);
  const [first, second] = [1, 2].map(() => new Worker(ECHO, { eval: true, execArgv: [] }));
  const ask = async (thread: Worker) => {
    thread.postMessage("hello");
    await once(thread, "message");
  };
  await ask(first);
  expect(watch.requestsWhileIdle).toBe(Infinity); // the second has never been asked
  await ask(second);
  await ask(first);
  expect(watch.requestsWhileIdle).toBe(2);
  controller.abort();
  await Promise.all(watch.started.map(({ gone }) => gone));
});
