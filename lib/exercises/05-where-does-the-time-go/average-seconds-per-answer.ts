/** 05-where-does-the-time-go: how many seconds an answer takes on average. */
import { triedWith } from "../../checks/calls";
import { expectThat, show } from "../../checks/expect";
import { averageSecondsPerAnswer } from "../../data/statistics";
import type { Visit } from "../../peer/visit";
import { defineExercise } from "../../checks/exercise";
import { visitOf } from "./sample-visits";
import { listOf, visit } from "../shared/random-input";

type Answer = typeof averageSecondsPerAnswer;

function expectSeconds(answer: Answer, what: string, visits: Visit[], expected: number): void {
  const seconds: unknown = triedWith(what.replace(/^for /, ""), () => answer(visits));
  expectThat(typeof seconds === "number", `${what}: expected a number, got ${show(seconds)}`);
  const isRight = seconds === expected || Math.abs(seconds - expected) < 1e-9;
  expectThat(
    isRight,
    `${what}: expected ${Number(expected.toPrecision(7))} seconds, got ${Number(seconds.toPrecision(7))}`,
  );
}

/** Returns a visit with an answer after 400 ms. */
const answered = (startedAt: number): Visit =>
  visitOf({ startedAt, connecting: 200, sending: 0, waiting: 199, rest: 1 });
/** Returns a visit that failed after 1000 ms. */
const failed = (startedAt: number): Visit => visitOf({ startedAt, rest: 1000, error: "CONNECT_TIMEOUT" });

const ONE_BY_ONE = [answered(5000), answered(5400), answered(5800)];
const WITH_FAILURE = [answered(5000), failed(5400), answered(6400)];
const OVERLAPPING = [answered(7000), answered(7100), answered(7200), answered(7400)];
/** The first to start is neither first nor last in the list, nor is the last to end. */
const SHUFFLED = [answered(7200), answered(7000), failed(7100), answered(7300)];

const sum = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const answersOf = (visits: Visit[]): number => visits.filter(({ versionMessage }) => versionMessage).length;

export default defineExercise<Answer>({
  id: "averageSecondsPerAnswer",
  notebook: "05-where-does-the-time-go",
  title: "The price of an answer",
  points: 1,
  solution: averageSecondsPerAnswer,
  source: "data/statistics.ts",
  randomArguments: (random) => [listOf(random, 20, () => visit(random))],
  hints: [
    "Two numbers are needed: how long it all took, by the clock on the wall, and how many answers there were. In which order do the visits stand in the list? You need not know.",
    "It began at the smallest `startedAt` and was over at the greatest `endedAt`; a loop with `Math.min` and `Math.max` finds both. (`Math.min(...list)` is shorter, but it fails for a list of 120,000 visits: each is an argument.) An answer is a visit with a `versionMessage`. Times are in milliseconds, the result is in seconds.",
    "```ts\nconst answers = visits.filter((visit) => visit.versionMessage).length;\nlet start = Infinity;\nfor (const visit of visits) start = Math.min(start, visit.startedAt);\n```\n\nand `end` the same way: from `-Infinity`, with `Math.max` and `endedAt`. If there are no answers, return `Infinity`; else `(end - start) / 1000 / answers`.",
  ],
  checks: [
    {
      name: "Three answers in 1.2 seconds cost 0.4 seconds each",
      run: (answer) => expectSeconds(answer, "for three visits of 400 ms in a row", ONE_BY_ONE, 0.4),
    },
    {
      name: "Time spent on failures is paid by the answers",
      run(answer) {
        const what = "for two answers after 400 ms each, and a failure of 1000 ms between them";
        expectSeconds(answer, what, WITH_FAILURE, 0.9);
        const atTheEnd = "for an answer after 400 ms, and then a failure of 1000 ms";
        expectSeconds(answer, atTheEnd, [answered(5000), failed(5400)], 1.4);
      },
    },
    {
      name: "Visits at the same time are not counted twice: the time from the first start to the last end counts",
      run(answer) {
        expectSeconds(answer, "for four answers within 800 ms, three at once", OVERLAPPING, 0.2);
      },
    },
    {
      name: "The order in the list does not matter",
      run(answer) {
        const what = `for ${SHUFFLED.map(({ startedAt, endedAt, error }) => `${error ? "a failure" : "an answer"} from ${startedAt} to ${endedAt} ms`).join(", ")}`;
        expectSeconds(answer, what, SHUFFLED, 1.1 / 3);
      },
    },
    {
      name: "Without an answer the price is Infinity",
      run(answer) {
        expectSeconds(answer, "for a failure alone", [failed(0)], Infinity);
        expectSeconds(answer, "for no visits", [], Infinity);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "gives milliseconds",
      caughtBy: "Three answers in 1.2 seconds cost 0.4 seconds each",
      answer: (visits) => 1000 * averageSecondsPerAnswer(visits),
    },
    {
      name: "divides by all visits",
      caughtBy: "Time spent on failures is paid by the answers",
      answer: (visits) => (averageSecondsPerAnswer(visits) * answersOf(visits)) / visits.length,
    },
    {
      name: "averages the times of the answers",
      caughtBy: "Time spent on failures is paid by the answers",
      answer(visits) {
        const times = visits
          .filter(({ error }) => !error)
          .map(({ startedAt, endedAt }) => endedAt - startedAt);
        return times.length === 0 ? Infinity : sum(times) / times.length / 1000;
      },
    },
    {
      name: "takes the time from the first start to the end of the last answer",
      caughtBy: "Time spent on failures is paid by the answers",
      answer: (visits) => averageSecondsPerAnswer(visits.filter(({ versionMessage }) => versionMessage)),
      message: /for an answer after 400 ms, and then a failure of 1000 ms: expected 1.4 seconds, got 0.4/,
    },
    {
      name: "sums up the visits' times",
      caughtBy:
        "Visits at the same time are not counted twice: the time from the first start to the last end counts",
      answer: (visits) =>
        sum(visits.map(({ startedAt, endedAt }) => endedAt - startedAt)) / 1000 / answersOf(visits),
    },
    {
      name: "takes the first of the list as the first to start, and the last as the last to end",
      caughtBy: "The order in the list does not matter",
      answer(visits) {
        if (answersOf(visits) === 0) return Infinity;
        return (visits[visits.length - 1].endedAt - visits[0].startedAt) / 1000 / answersOf(visits);
      },
    },
    {
      name: "gives 0 when no peer answered",
      caughtBy: "Without an answer the price is Infinity",
      answer: (visits) => (answersOf(visits) === 0 ? 0 : averageSecondsPerAnswer(visits)),
    },
    {
      name: "gives NaN for no visits",
      caughtBy: "Without an answer the price is Infinity",
      answer: (visits) => (visits.length === 0 ? NaN : averageSecondsPerAnswer(visits)),
    },
  ],
});
