/** 04-calling-all-nodes: one line about the progress of a crawl. */
import { type Progress, progressLine } from "../../crawl/progress-line";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";

type Answer = typeof progressLine;

/**
 * Expects a line that begins with `expected` and ends with any text about the time left.
 * Returns that text.
 */
function expectLine(answer: Answer, progress: Progress, expected: string): string {
  const line: unknown = answer(progress);
  const what = `for ${show(progress)}`;
  expectThat(typeof line === "string", `${what}: expected a line of text, got ${show(line)}`);
  const parts = line.split(" | ");
  expectEqual(what, `${parts.slice(0, 4).join(" | ")} | …`, `${expected} | …`);
  const last = parts.slice(4).join(" | ");
  expectThat(
    last.trim() !== "",
    `${what}: expected a fifth part at the end, about the time left, got ${show(line)}`,
  );
  const nonsense = /NaN|Infinity|∞|undefined|null|-\s*\d/.exec(line)?.[0];
  expectThat(!nonsense, `${what}: expected a line that reads well, got ${show(nonsense)} in ${show(line)}`);
  return last;
}

function expectWhole(answer: Answer, progress: Progress, expected: string): void {
  expectEqual(`for ${show(progress)}`, answer(progress), expected);
}

/** Expects of a last part that it guesses nothing; `why` says why not. */
function expectNoGuess(progress: Progress, last: string, why: string): void {
  expectThat(
    !/\d/.test(last),
    `for ${show(progress)}: expected words without a number, since ${why}, got ${show(last)}`,
  );
}

export default defineExercise<Answer>({
  id: "progressLine",
  notebook: "04-calling-all-nodes",
  title: "Say how it goes",
  points: 2,
  solution: progressLine,
  source: "crawl/progress-line.ts",
  hints: [
    "Write down for the example where each number comes from. Two are given, two are quick to work out; the last needs the time that one address has taken so far. Which kinds of call take time?",
    'Done are `received + failed`; remaining is the rest. One address has taken `elapsedMs / done`, so the remaining ones take that times `remaining`, and a minute has 60,000 milliseconds. `toLocaleString("en-US")` writes 9850 as 9,850, `toFixed(1)` keeps one decimal. Before you divide: can `done` be 0? Can `total`?',
    'Give the last part a function of its own, with the two ends first:\n\n```ts\nfunction timeLeft(done: number, remaining: number, elapsedMs: number): string {\n  if (remaining === 0) return "done";\n  if (done === 0) return "time left not known yet";\n  return `~${Math.round(((elapsedMs / done) * remaining) / 60_000)} minutes left`;\n}\n```\n\nThe other four are `` `${received.toLocaleString("en-US")} received` `` and so on, in a list that ends in `.join(" | ")`.',
  ],
  checks: [
    {
      name: "The example gives the expected line",
      run(answer) {
        const progress = { received: 120, failed: 30, total: 10_000, elapsedMs: 150_000 };
        const expected = "120 received | 30 failed | 9,850 remaining | 1.5% complete | ~164 minutes left";
        expectWhole(answer, progress, expected);
      },
    },
    {
      name: "The numbers change with the progress",
      run(answer) {
        const progress = { received: 1, failed: 3, total: 8, elapsedMs: 1_200_000 };
        const expected = "1 received | 3 failed | 4 remaining | 50.0% complete | ~20 minutes left";
        expectWhole(answer, progress, expected);
        const third = { received: 1, failed: 1, total: 3, elapsedMs: 220_000 };
        const line = "1 received | 1 failed | 1 remaining | 66.7% complete | ~2 minutes left";
        expectWhole(answer, third, line);
        const none = { received: 0, failed: 5, total: 10, elapsedMs: 600_000 };
        const stillKnown = "0 received | 5 failed | 5 remaining | 50.0% complete | ~10 minutes left";
        expectWhole(answer, none, stillKnown);
      },
    },
    {
      name: "Thousands are separated by commas in every number",
      run(answer) {
        const progress = { received: 4_500, failed: 1_500, total: 12_000, elapsedMs: 6_000_000 };
        const expected =
          "4,500 received | 1,500 failed | 6,000 remaining | 50.0% complete | ~100 minutes left";
        expectWhole(answer, progress, expected);
      },
    },
    {
      name: "The line makes sense when nothing is done yet",
      run(answer) {
        for (const elapsedMs of [0, 900]) {
          const progress = { received: 0, failed: 0, total: 10_000, elapsedMs };
          const expected = "0 received | 0 failed | 10,000 remaining | 0.0% complete";
          const last = expectLine(answer, progress, expected);
          expectNoGuess(progress, last, "the time cannot be estimated yet");
        }
      },
    },
    {
      name: "The line makes sense when nothing is left to do",
      run(answer) {
        const progress = { received: 9_000, failed: 1_000, total: 10_000, elapsedMs: 9_000_000 };
        const expected = "9,000 received | 1,000 failed | 0 remaining | 100.0% complete";
        const last = expectLine(answer, progress, expected);
        expectNoGuess(progress, last, "nothing is left to guess");
      },
    },
    {
      name: "The line makes sense for a crawl of no addresses",
      run(answer) {
        const progress = { received: 0, failed: 0, total: 0, elapsedMs: 0 };
        const percent = answer(progress)?.includes?.("| 100") ? "100.0%" : "0.0%"; // both can be justified
        expectLine(answer, progress, `0 received | 0 failed | 0 remaining | ${percent} complete`);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "writes 9850 for 9,850",
      caughtBy: "The example gives the expected line",
      answer: (progress) => progressLine(progress).replaceAll(",", ""),
    },
    {
      name: "separates the thousands of the remaining only",
      caughtBy: "Thousands are separated by commas in every number",
      answer: (progress) => progressLine(progress).replace(/(\d),(\d+) (received|failed)/g, "$1$2 $3"),
    },
    {
      name: "does not count failures as done",
      caughtBy: "The example gives the expected line",
      answer: ({ received, failed, total, elapsedMs }) =>
        progressLine({ received, failed: 0, total, elapsedMs }).replace("0 failed", `${failed} failed`),
    },
    {
      name: "always says the same",
      caughtBy: "The numbers change with the progress",
      answer: () => "120 received | 30 failed | 9,850 remaining | 1.5% complete | ~164 minutes left",
    },
    {
      name: "gives seconds instead of minutes",
      caughtBy: "The example gives the expected line",
      answer: (progress) => withEstimate(progress, (minutes) => Math.round(minutes * 60)),
    },
    {
      name: "rounds the minutes up",
      caughtBy: "The example gives the expected line",
      answer: (progress) => withEstimate(progress, Math.ceil),
    },
    {
      name: "rounds the minutes down",
      caughtBy: "The numbers change with the progress",
      answer: (progress) => withEstimate(progress, Math.floor),
    },
    {
      name: "cuts the percentage off",
      caughtBy: "The numbers change with the progress",
      answer: (progress) => progressLine(progress).replace("66.7%", "66.6%"),
    },
    {
      name: "knows no time left before somebody has answered",
      caughtBy: "The numbers change with the progress",
      answer: (progress) =>
        progress.received > 0
          ? progressLine(progress)
          : progressLine(progress).replace(/~\d+ minutes left/, "time left not known yet"),
    },
    {
      name: "estimates 0 minutes when nothing is left",
      caughtBy: "The line makes sense when nothing is left to do",
      answer: (progress) => progressLine(progress).replace(/done$/, "~0 minutes left"),
      message: /expected words without a number, since nothing is left to guess/,
    },
    {
      name: "divides by the number of done when it is 0",
      caughtBy: "The line makes sense when nothing is done yet",
      answer: (progress) => withEstimate(progress, Math.round),
    },
    {
      name: "estimates 0 minutes before anything is done",
      caughtBy: "The line makes sense when nothing is done yet",
      answer: (progress) =>
        withEstimate(progress, (minutes) => (Number.isFinite(minutes) ? Math.round(minutes) : 0)),
    },
    {
      name: "says nothing at the end",
      caughtBy: "The line makes sense when nothing is left to do",
      answer: (progress) => progressLine(progress).replace(/ \| done$/, ""),
    },
    {
      name: "divides by a total of 0",
      caughtBy: "The line makes sense for a crawl of no addresses",
      answer: (progress) => progressLine(progress).replace("100.0%", progress.total ? "100.0%" : "NaN%"),
    },
  ],
});

/** Returns the line with an estimate at its end, even if there is nothing to estimate from. */
function withEstimate(progress: Progress, round: (minutes: number) => number): string {
  const done = progress.received + progress.failed;
  const minutes = ((progress.elapsedMs / done) * (progress.total - done)) / 60_000;
  const parts = progressLine(progress).split(" | ").slice(0, 4);
  return [...parts, `~${round(minutes)} minutes left`].join(" | ");
}
