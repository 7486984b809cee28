/** 07-threads-and-processes: visits to all addresses by processes that share one queue. */
import { getVersionMessagesMultiprocess } from "../../workers/processes";
import { defineExercise } from "../../checks/exercise";
import { workerChecks } from "./worker-checks";
import { wrongWorkerAnswers } from "./worker-checks.wrong";

export default defineExercise<typeof getVersionMessagesMultiprocess>({
  id: "getVersionMessagesMultiprocess",
  notebook: "07-threads-and-processes",
  title: "The same with processes",
  points: 2,
  solution: getVersionMessagesMultiprocess,
  source: "workers/processes.ts",
  hints: [
    "A `ProcessWorker` is used like a `ThreadWorker`: what you have written for threads is nearly what you need.",
    "Copy `getVersionMessagesThreaded`. Of its body, two things change: what is started, and what it is called.",
    "`new ProcessWorker(VISIT_SCRIPT, `process ${i + 1}`)` in place of the thread. Do not call the variable `process`: that is the name of the program that you are in, and it would be hidden.",
  ],
  checks: workerChecks("process"),
  wrongAnswers: wrongWorkerAnswers("process"),
});
