/** 08-a-sea-of-bytes: which peers have a wrong clock. */
import { triedWith } from "../../checks/calls";
import { expectEqual, expectThat, show } from "../../checks/expect";
import { clockSkews } from "../../data/statistics";
import { toUnixMs } from "../../util/clock";
import type { Visit } from "../../peer/visit";
import { defineExercise } from "../../checks/exercise";
import { answered, unanswered } from "./sample-visits";
import { listOf, visit } from "../shared/random-input";

type Answer = typeof clockSkews;

/** How far a skew may be off: version messages count whole seconds, and the machine may be busy. */
const TOLERANCE_SECONDS = 1.5;

/** Thirty years: no clock is that wrong, but the difference between the two clocks' scales is. */
const TWO_SCALES_SECONDS = 1e9;

function adviceOn(skew: number, expected: number): string {
  if (Number.isNaN(skew)) return ": a time that is missing was part of the calculation";
  if (expected !== 0 && Math.abs(skew / expected / 1000 - 1) < 0.1) return ": a thousand times too much";
  if (Math.abs(skew) < TWO_SCALES_SECONDS) return "";
  return ": decades, so two scales were mixed. `firstByteAt` is of the monotonic clock, and `toUnixMs` makes Unix time of it, in milliseconds";
}

/** Returns what the clocks of the visits' peers say, as a learner could work it out. */
function clocksOf(visits: Visit[]): string {
  const clocks = visits.map(({ versionMessage, firstByteAt, endedAt }, i) => {
    if (!versionMessage) return `visits[${i}] has no version message`;
    const at = firstByteAt === undefined ? "without firstByteAt, ended" : "answered";
    const ours = Math.round(toUnixMs(firstByteAt ?? endedAt) / 1000);
    return `visits[${i}] ${at} at Unix time ${ours} with the timestamp ${versionMessage.timestamp}`;
  });
  return clocks.join(", ") || "no visits";
}

function expectSkews(answer: Answer, visits: Visit[], expected: number[]): void {
  const clocks = clocksOf(visits);
  const skews: unknown = triedWith(clocks, () => answer(visits));
  const what = `the skews (${clocks})`;
  expectThat(Array.isArray(skews), `${what}: expected a list, got ${show(skews)}`);
  expectEqual(`${what}: how many there are`, skews.length, expected.length);
  skews.forEach((skew: unknown, i) => {
    expectThat(typeof skew === "number", `${what}: expected numbers, got ${show(skew)}`);
    expectThat(
      Math.abs(skew - expected[i]) <= TOLERANCE_SECONDS,
      `${what}, entry ${i}: expected about ${expected[i]} seconds, got ${Number(skew.toFixed(2))}${adviceOn(skew, expected[i])}`,
    );
  });
}

export default defineExercise<Answer>({
  id: "clockSkews",
  notebook: "08-a-sea-of-bytes",
  title: "Whose clock is wrong",
  points: 3,
  solution: clockSkews,
  source: "data/statistics.ts",
  randomArguments: (random) => [listOf(random, 20, () => visit(random))],
  hints: [
    "A version message says what time it was at the peer's when it answered. What time was it at ours, at that same moment? The two are on different scales: which function leads from one to the other?",
    "`toUnixMs(visit.firstByteAt)` is when the answer began to arrive, in milliseconds of Unix time. The message's `timestamp` is a bigint, in seconds: `Number(…)` makes it a number. Visits without a version message have nothing to compare. `flatMap` may give no entry, `[]`, for one item and one, `[x]`, for another.",
    "```ts\nreturn visits.flatMap(({ versionMessage, firstByteAt, endedAt }) => {\n  if (!versionMessage) return [];\n  const answeredAt = toUnixMs(firstByteAt ?? endedAt) / 1000;\n  return [ /* theirs minus ours */ ];\n});\n```",
  ],
  checks: [
    {
      name: "A clock that is right has a skew of 0, give or take the second that messages count in",
      run: (answer) => expectSkews(answer, [answered()], [0]),
    },
    {
      name: "A clock that is ahead has a positive skew, in seconds",
      run: (answer) => expectSkews(answer, [answered({ skew: 3600 }), answered({ skew: 90 })], [3600, 90]),
    },
    {
      name: "A clock that is behind has a negative one",
      run: (answer) => expectSkews(answer, [answered({ skew: -3600 }), answered({ skew: -7 })], [-3600, -7]),
    },
    {
      name: "It is compared with the time at which the peer answered, not with now",
      run: (answer) =>
        expectSkews(
          answer,
          [answered({ secondsAgo: 600 }), answered({ secondsAgo: 86_400, skew: 60 })],
          [0, 60],
        ),
    },
    {
      name: "A slow answer is not a wrong clock",
      run(answer) {
        const slow = [{ answersAfter: 20 }, { endsAfter: 20 }].map((facts) => ({ secondsAgo: 60, ...facts }));
        expectSkews(answer, slow.map(answered), [0, 0]);
      },
    },
    {
      name: "A visit whose first byte was not timed is compared with its end",
      run(answer) {
        const { firstByteAt: _, ...visit } = answered({ skew: 5 });
        expectSkews(answer, [visit], [5]);
      },
    },
    {
      name: "Visits without a version message are omitted",
      run(answer) {
        expectSkews(answer, [unanswered(), answered({ skew: 120 }), unanswered()], [120]);
        expectSkews(answer, [unanswered()], []);
        expectSkews(answer, [], []);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "subtracts theirs from ours",
      caughtBy: "A clock that is ahead has a positive skew, in seconds",
      answer: (visits) => clockSkews(visits).map((skew) => -skew),
    },
    {
      name: "gives milliseconds",
      caughtBy: "A clock that is ahead has a positive skew, in seconds",
      answer: (visits) => clockSkews(visits).map((skew) => skew * 1000),
    },
    {
      name: "drops the sign",
      caughtBy: "A clock that is behind has a negative one",
      answer: (visits) => clockSkews(visits).map(Math.abs),
    },
    {
      name: "compares with the monotonic clock, without converting it",
      caughtBy: "A clock that is right has a skew of 0, give or take the second that messages count in",
      answer: (visits) =>
        visits.flatMap(({ versionMessage, endedAt }) =>
          versionMessage ? [Number(versionMessage.timestamp) - endedAt / 1000] : [],
        ),
    },
    {
      name: "compares with now",
      caughtBy: "It is compared with the time at which the peer answered, not with now",
      answer: (visits) =>
        visits.flatMap(({ versionMessage }) =>
          versionMessage ? [Number(versionMessage.timestamp) - Date.now() / 1000] : [],
        ),
    },
    {
      name: "compares with the start of the visit",
      caughtBy: "A slow answer is not a wrong clock",
      answer: (visits) =>
        visits.flatMap(({ versionMessage, startedAt }) =>
          versionMessage ? [Number(versionMessage.timestamp) - toUnixMs(startedAt) / 1000] : [],
        ),
    },
    {
      name: "compares with the end of the visit",
      caughtBy: "A slow answer is not a wrong clock",
      answer: (visits) =>
        visits.flatMap(({ versionMessage, endedAt }) =>
          versionMessage ? [Number(versionMessage.timestamp) - toUnixMs(endedAt) / 1000] : [],
        ),
    },
    {
      name: "assumes that the first byte has a time",
      caughtBy: "A visit whose first byte was not timed is compared with its end",
      answer: (visits) =>
        visits.flatMap(({ versionMessage, firstByteAt }) =>
          versionMessage ? [Number(versionMessage.timestamp) - toUnixMs(firstByteAt as number) / 1000] : [],
        ),
    },
    {
      name: "gives 0 for a visit without an answer",
      caughtBy: "Visits without a version message are omitted",
      answer: (visits) => visits.map((visit) => clockSkews([visit])[0] ?? 0),
    },
    {
      name: "returns bigints",
      caughtBy: "A clock that is right has a skew of 0, give or take the second that messages count in",
      answer: (visits) => clockSkews(visits).map((skew) => BigInt(Math.round(skew)) as unknown as number),
    },
  ],
});
