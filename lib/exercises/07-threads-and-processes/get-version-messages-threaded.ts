/** 07-threads-and-processes: visits to all addresses by threads that share one queue. */
import { getVersionMessagesThreaded } from "../../workers/threads";
import { defineExercise } from "../../checks/exercise";
import { workerChecks } from "./worker-checks";
import { wrongWorkerAnswers } from "./worker-checks.wrong";

export default defineExercise<typeof getVersionMessagesThreaded>({
  id: "getVersionMessagesThreaded",
  notebook: "07-threads-and-processes",
  title: "A queue for several threads",
  points: 4,
  solution: getVersionMessagesThreaded,
  source: "workers/threads.ts",
  hints: [
    "It is `mapPool` once more: several loops over one queue, `for (const [place, address] of queue)`, each of which waits for its answer before it takes the next. What is new is that each loop has a thread of its own.",
    "One loop, from its beginning to its end: start a `ThreadWorker(VISIT_SCRIPT, name)`, go through the queue with `await visitIn(thread, address)`, end the thread. Then start as many such loops as there are to be threads, at once, and wait for all of them. `Math.min` keeps you from threads that have nothing to do.",
    "The loop as a function, above what starts it:\n\n```ts\nconst queue = addresses.entries();\nconst work = async (_: unknown, i: number): Promise<void> => {\n  const thread = new ThreadWorker(VISIT_SCRIPT, `thread ${i + 1}`);\n  for (const [place, address] of queue) visits[place] = await visitIn(thread, address);\n  await thread.end();\n};\n```\n\n`Array.from({ length: … }, work)` then gives the promises that `Promise.all` waits for.",
  ],
  checks: workerChecks("thread"),
  wrongAnswers: wrongWorkerAnswers("thread"),
});
