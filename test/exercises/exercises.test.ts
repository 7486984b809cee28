import { expect, test } from "vitest";
import { type AnyFunction, type Exercise, runChecks, stubMessage } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";

const all: Exercise[] = Object.values(exercises);

function stub(id: string): AnyFunction {
  return () => {
    throw new Error(stubMessage(id));
  };
}

for (const exercise of all) {
  test(`${exercise.id}: the stub is untouched, and no check passes`, async () => {
    const verdict = await runChecks(exercise, stub(exercise.id));
    expect(verdict.status).toBe("untouched");
    expect(verdict.checks.filter(({ passed }) => passed)).toEqual([]);
  });

  test(`${exercise.id}: a stub that is async is untouched`, async () => {
    const verdict = await runChecks(exercise, async () => stub(exercise.id)());
    expect(verdict.status).toBe("untouched");
  });

  test(`${exercise.id}: the solution passes every check`, async () => {
    const verdict = await runChecks(exercise, exercise.solution);
    expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.status).toBe("solved");
  });

  for (const wrong of exercise.wrongAnswers) {
    test(`${exercise.id}: an answer that ${wrong.name} is caught by "${wrong.caughtBy}"`, async () => {
      const checks = exercise.checks.filter(({ name }) => name === wrong.caughtBy);
      const verdict = await runChecks({ ...exercise, checks }, wrong.answer);
      expect(verdict).toMatchObject({ status: "failed", checks: [{ passed: false }] });
      expect(verdict.checks[0].message).not.toBe("");
    });
  }

  test(`${exercise.id}: has three hints, and wrong answers that each name one of its checks`, () => {
    const names = exercise.checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(exercise.hints).size).toBe(3);
    expect(exercise.wrongAnswers.length).toBeGreaterThanOrEqual(3);
    expect(names).toEqual(expect.arrayContaining(exercise.wrongAnswers.map(({ caughtBy }) => caughtBy)));
  });
}

test("an exercise stands in the registry under its own id", () => {
  expect(Object.keys(exercises)).toEqual(all.map(({ id }) => id));
});
