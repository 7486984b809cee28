import { isDoubtful } from "@course/lib/grading";
import { expect, test } from "vitest";

const check = { name: "It answers", run: () => {} };
const plain = { checks: [check] };
const waiting = { checks: [{ ...check, limitMs: 4000 }], checksAtOnce: true };
const withWorkers = { checks: [{ ...check, limitMs: 4000 }] };

test("An answer that failed while timers were late is judged again, if its checks depend on time", () => {
  const late = { status: "failed", pace: { tookMs: 1000, lateMs: 200 } } as const;
  expect([plain, waiting, withWorkers].map((exercise) => isDoubtful(exercise, late))).toEqual([
    false,
    true,
    true,
  ]);
  expect(isDoubtful(waiting, { ...late, status: "solved" })).toBe(false);
});

test("An answer that failed while no timer was late had its time", () => {
  const inTime = { status: "failed", pace: { tookMs: 4500, lateMs: 10 } } as const;
  expect(isDoubtful(waiting, inTime)).toBe(false);
  expect(isDoubtful(withWorkers, { ...inTime, pace: { tookMs: 900, lateMs: 10 } })).toBe(false);
});

test("An answer that failed is judged again if its workers may not have had their time, or if nobody knows", () => {
  expect(isDoubtful(withWorkers, { status: "failed", pace: { tookMs: 4500, lateMs: 10 } })).toBe(true);
  expect(isDoubtful(waiting, { status: "failed" })).toBe(true);
  expect(isDoubtful(waiting, { status: "failed", pace: { tookMs: 1000, lateMs: NaN } })).toBe(true);
});
