/**
 * What every exercise promises: its stub is untouched, its solution is right, its wrong answers are caught, and its
 * checks leave nothing behind.
 */
import { getGlobalDispatcher } from "undici";
import { beforeAll, describe, expect, test } from "vitest";
import { type AnyAnswer, type Exercise, isClass, runChecks, stubMessage } from "@course/lib/checks";
import { countBy } from "@course/lib/data";
import { exercises } from "@course/lib/exercises";
import { untranslated } from "../helpers/untranslated";

/** What a process has before any check has run. */
interface Before {
  open: Map<string, number>;
  dispatcher: unknown;
}

/** Declares the tests of all exercises of a lesson. */
export function testLesson(notebook: string): void {
  const before: Before = { open: new Map(), dispatcher: undefined };
  beforeAll(() => void Object.assign(before, { open: openNow(), dispatcher: getGlobalDispatcher() }));
  for (const exercise of Object.values<Exercise>(exercises)) {
    if (exercise.notebook === notebook) testExercise(exercise, before);
  }
}

function testExercise(exercise: Exercise, before: Before): void {
  const { id } = exercise;

  test(`the stub of ${id} is untouched, and no check passes`, async () => {
    const verdict = await runChecks(exercise, isClass(exercise.solution) ? stubOfClass(id) : stub(id));
    expect(verdict.status).toBe("untouched");
    expect(verdict.checks.filter(({ passed }) => passed)).toEqual([]);
  });

  const [kind, late] = isClass(exercise.solution)
    ? ["whose members throw", stubOfMembers(id)]
    : ["that is async", asyncStub(id)];
  test(`a stub of ${id} ${kind} is untouched`, async () => {
    const verdict = await runChecks(exercise, late);
    expect(verdict.status).toBe("untouched");
  });

  test(`the solution of ${id} passes every check`, async () => {
    const verdict = await runChecks(exercise, exercise.solution);
    expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.status).toBe("solved");
  });

  // Most of these wait for a second: they wait at the same time if the checks share nothing.
  describe(`wrong answers for ${id}`, { concurrent: exercise.checksAtOnce ?? false }, () => {
    for (const { name, caughtBy, answer, message = /./ } of exercise.wrongAnswers) {
      test(`a ${id} that ${name} is caught by "${caughtBy}"`, async () => {
        const checks = exercise.checks.filter((check) => check.name === caughtBy);
        const verdict = await runChecks({ ...exercise, checks }, answer);
        expect(verdict).toMatchObject({ status: "failed", checks: [{ passed: false }] });
        expect(verdict.checks[0].message).toMatch(message);
        expect(untranslated(exercise.notebook, verdict.checks[0].message)).toEqual([]);
      });
    }
  });

  test(`every check of ${id} says what an answer was tried with that throws, or never finishes`, async () => {
    // Until then a check has to have called the answer: on a busy machine it takes long to start a peer or a server.
    const inAMoment = { ...exercise, checks: exercise.checks.map((check) => ({ ...check, limitMs: 1000 })) };
    for (const answer of [throwing, neverFinishing]) {
      const { checks } = await runChecks(inAMoment, answer);
      const bare = /^(\w+ threw Error: no idea|\w+ never finished: it was given [\d.]+ seconds)$/;
      expect(checks.filter(({ message }) => bare.test(message))).toEqual([]);
      expect(checks.flatMap(({ message }) => untranslated(exercise.notebook, message))).toEqual([]);
    }
  });

  test(`the checks of ${id} have left nothing open, and the HTTP dispatcher unchanged`, async () => {
    await expect.poll(() => moreThan(before.open), { timeout: 15_000 }).toEqual([]);
    expect(getGlobalDispatcher()).toBe(before.dispatcher);
  });

  test(`${id} has three hints, and wrong answers that each name one of its checks`, () => {
    const names = exercise.checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(exercise.hints).size).toBe(3);
    expect(exercise.wrongAnswers.length).toBeGreaterThanOrEqual(3);
    expect(names).toEqual(expect.arrayContaining(exercise.wrongAnswers.map(({ caughtBy }) => caughtBy)));
  });
}

/** What keeps this process alive: sockets, servers, timers, look-ups. */
const KEEPS_ALIVE = /TCP|Timeout|Immediate|GetAddrInfo/;

/** Returns how many resources of each kind this process has open. */
function openNow(): Map<string, number> {
  return countBy(process.getActiveResourcesInfo(), (kind) => kind);
}

/** Returns the kinds of what is open now and was not before. */
function moreThan(before: Before["open"]): string[] {
  const now = [...openNow()].filter(([kind]) => KEEPS_ALIVE.test(kind));
  return now.filter(([kind, count]) => count > (before.get(kind) ?? 0)).map(([kind]) => kind);
}

function throwing(): never {
  throw new Error("no idea");
}

function neverFinishing(): Promise<never> {
  return new Promise(() => {});
}

function stub(id: string): AnyAnswer {
  return () => {
    throw new Error(stubMessage(id));
  };
}

function stubOfClass(id: string): AnyAnswer {
  return class {
    constructor() {
      throw new Error(stubMessage(id));
    }
  };
}

function asyncStub(id: string): AnyAnswer {
  return async () => {
    throw new Error(stubMessage(id));
  };
}

/** Returns a class each of whose members throws. */
function stubOfMembers(id: string): AnyAnswer {
  const fail = (): never => {
    throw new Error(stubMessage(id));
  };
  return class {
    constructor() {
      return new Proxy(this, { get: fail });
    }
  };
}
