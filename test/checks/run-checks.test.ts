import { expect, onTestFinished, test, vi } from "vitest";
import {
  type AnyAnswer,
  type AnyFunction,
  defineExercise,
  type Exercise,
  Mismatch,
  runChecks,
  stubMessage,
} from "@course/lib/checks";

/** An exercise whose solution doubles a number. */
function doubling(changes: Partial<Exercise> = {}): Exercise {
  return defineExercise<AnyFunction>({
    id: "double",
    notebook: "00-none",
    title: "Double",
    points: 1,
    solution: (n: number) => 2 * n,
    source: "double.ts",
    hints: ["1", "2", "3"],
    checks: [
      { name: "Two gives four", limitMs: 50, run: async (answer) => equal(await answer(2), 4) },
      { name: "Nothing gives nothing", limitMs: 50, run: async (answer) => equal(await answer(0), 0) },
    ],
    wrongAnswers: [],
    ...changes,
  });
}

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error("not equal");
}

const messages = async (answer: unknown, exercise = doubling()) =>
  (await runChecks(exercise, answer)).checks.map(({ message }) => message);

test("an answer that passes every check is solved", async () => {
  expect(await runChecks(doubling(), (n: number) => 2 * n)).toEqual({
    status: "solved",
    checks: [
      { name: "Two gives four", passed: true, message: "" },
      { name: "Nothing gives nothing", passed: true, message: "" },
    ],
  });
});

test("checks that look at the same call make it once, and all of them say what it was tried with", async () => {
  const check = (name: string, look: (doubled: number) => boolean): Exercise["checks"][number] => ({
    name,
    run: async (answer: AnyFunction, _, shared) =>
      equal(look(await shared.once("two", async () => answer(2) as number)), true),
  });
  const exercise = doubling({
    checks: [check("It is even", (n) => n % 2 === 0), check("It is four", (n) => n === 4)],
  });
  const answer = vi.fn((n: number) => 2 * n);
  expect((await runChecks(exercise, answer)).status).toBe("solved");
  expect(answer).toHaveBeenCalledTimes(1);
  expect((await runChecks(exercise, () => 6)).checks.map(({ passed }) => passed)).toEqual([true, false]);
  const throws = () => {
    throw new RangeError("no");
  };
  const message = expect.stringMatching(
    /^double threw RangeError: no\n[^]*tried with double\(2\)$/,
  ) as string;
  expect(await messages(throws, exercise)).toEqual([message, message]);
});

test("an answer that fails one check is not solved", async () => {
  const { status, checks } = await runChecks(doubling(), (n: number) => n);
  expect(status).toBe("failed");
  expect(checks.map(({ passed }) => passed)).toEqual([false, true]);
});

test.each([
  ["undefined", undefined],
  ["null", null],
  ["a number", 5],
  ["text", "double"],
  ["a promise", Promise.resolve()],
])("an answer that is %s counts as missing", async (_, answer) => {
  const { status, checks } = await runChecks(doubling(), answer);
  expect(status).toBe("missing");
  expect(checks.every(({ passed }) => !passed)).toBe(true);
  expect(checks[0].message).toContain("expected a function named double");
});

const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error("do not look at me");
    },
    getPrototypeOf() {
      throw new Error("do not ask me");
    },
  },
);

test.each<[string, unknown]>([
  ["is a class", class {}],
  ["throws undefined", () => raise(undefined)],
  ["throws null", () => raise(null)],
  ["throws text", () => raise("no")],
  ["throws a frozen object", () => raise(Object.freeze({ code: 1 }))],
  ["throws an object without a prototype", () => raise(Object.create(null))],
  ["throws a Proxy that throws", () => raise(hostile)],
  ["throws an error whose message throws", () => raise(errorWithBadMessage())],
  ["rejects with undefined", async () => raise(undefined)],
  ["rejects with text", async () => raise("no")],
  ["rejects with a Proxy that throws", async () => raise(hostile)],
  ["returns a Proxy that throws", () => hostile],
  ["returns something that can be awaited and throws", () => ({ then: () => raise("no") })],
  ["never finishes", () => new Promise(() => {})],
  ["calls itself without end", function again(): unknown { return again(); }], // prettier-ignore
])("an answer that %s is a failed check, not a failed run", async (_, answer) => {
  const { status, checks } = await runChecks(doubling(), answer);
  expect(status).toBe("failed");
  expect(checks.map(({ passed }) => passed)).toEqual([false, false]);
  expect(checks.map(({ message }) => message)).not.toContain("");
});

function raise(error: unknown): never {
  throw error;
}

function errorWithBadMessage(): Error {
  return Object.defineProperty(new Error(), "message", { get: () => raise(new Error("no message")) });
}

test("the message about what an answer threw has no stack, and shows the call", async () => {
  const [message, second] = await messages(() => raise(new TypeError("it is not a number")));
  expect(message).toBe("double threw TypeError: it is not a number\ntried with double(2)");
  expect(second).toContain("tried with double(0)");
});

test("the message about an error that a check met in what an answer returned shows that, and no error of the answer", async () => {
  const checks = [{ name: "a", run: (answer: AnyFunction) => void [...answer(2)] }];
  const [message] = await messages(() => 4, doubling({ checks }));
  expect(message).toMatch(/^double returned 4, with which the check cannot go on \(TypeError: /);
});

test("a Mismatch of an error of the answer's own shows the line that threw it", async () => {
  const cell = { number: 7, name: "[7]", source: "", status: "done" } as const;
  const placesOf = ({ message }: Error) =>
    message === "deep down" ? [{ cell, line: 2, text: "raise()" }] : [];
  vi.stubGlobal("__tslab__", { kernel: { signal: new AbortController().signal, placesOf } });
  onTestFinished(() => void vi.unstubAllGlobals());
  const answer = () => raise(new Error("deep down"));
  const run = async (answer: AnyFunction) => {
    await Promise.resolve(answer)
      .then(answer)
      .catch((cause) => {
        throw new Mismatch("for two: expected four", { cause });
      });
  };
  const [message] = await messages(answer, doubling({ checks: [{ name: "a", run }] }));
  expect(message).toBe("for two: expected four\nin cell [7], line 2: raise()");
});

test("an answer that never finishes gets a message that says so, and the checks after it are not tried", async () => {
  let calls = 0;
  const [first, second] = await messages(() => new Promise(() => calls++));
  expect(first).toBe("double never finished: it was given 0.05 seconds\ntried with double(2)");
  expect(second).toBe('not tried, because "Two gives four" never finished');
  expect(calls).toBe(1);
});

test("checks that may run at once wait at the same time", async () => {
  let running = 0;
  let most = 0;
  const run = async (answer: AnyFunction) => {
    most = Math.max(most, ++running);
    await answer(0);
    running--;
  };
  const checks = ["a", "b", "c"].map((name) => ({ name, run }));
  await runChecks(doubling({ checks, checksAtOnce: true }), () => new Promise(setImmediate));
  expect(most).toBe(3);
});

test("the checks of two exercises run one after the other", async () => {
  const order: string[] = [];
  const exercise = (name: string) => {
    const run = async (answer: AnyFunction) => {
      order.push(`${name} begins`);
      await answer();
      order.push(`${name} ends`);
    };
    return doubling({ checks: [{ name, run }] });
  };
  const answer = () => new Promise(setImmediate);
  await Promise.all([runChecks(exercise("one"), answer), runChecks(exercise("two"), answer)]);
  expect(order).toEqual(["one begins", "one ends", "two begins", "two ends"]);
});

test("the checks of exercises that share nothing run at the same time, and never beside others", async () => {
  const order: string[] = [];
  const exercise = (name: string, checksAtOnce: boolean) => {
    const run = async (answer: AnyFunction) => {
      order.push(`${name} begins`);
      await answer();
      order.push(`${name} ends`);
    };
    return doubling({ checks: [{ name, run }], checksAtOnce });
  };
  const answer = () => new Promise(setImmediate);
  await Promise.all([
    runChecks(exercise("a", true), answer),
    runChecks(exercise("b", true), answer),
    runChecks(exercise("alone", false), answer),
    runChecks(exercise("c", true), answer),
  ]);
  expect(order.slice(0, 2)).toEqual(["a begins", "b begins"]);
  expect(order.slice(2, 4)).toEqual(["a ends", "b ends"]);
  expect(order.slice(4)).toEqual(["alone begins", "alone ends", "c begins", "c ends"]);
});

test("a stub makes the exercise untouched, even where a check expects an error", async () => {
  const checks = [{ name: "It throws", run: (answer: AnyFunction) => expect(answer).toThrow() }];
  const verdict = await runChecks(doubling({ checks }), () => raise(new Error(stubMessage("double"))));
  expect(verdict.status).toBe("untouched");
  expect(verdict.checks[0].passed).toBe(false);
});

test("an answer that calls another exercise's stub gets a message that names it", async () => {
  const [message] = await messages(() => raise(new Error(stubMessage("half"))));
  expect(message).toBe(
    'double calls half, which is not written yet: write it first, or run const half = useSolution("half");',
  );
});

test("the signal of a check is aborted at its end, also when the answer never finished", async () => {
  const aborted: boolean[] = [];
  const run = async (answer: AnyFunction, signal: AbortSignal) => {
    signal.addEventListener("abort", () => aborted.push(true));
    await answer();
  };
  const exercise = doubling({ checks: [{ name: "a", run, limitMs: 20 }] });
  await runChecks(exercise, () => 1);
  await runChecks(exercise, () => new Promise(() => {}));
  expect(aborted).toEqual([true, true]);
});

test("an answer that fails after its check is over is no unhandled rejection", async () => {
  const uncaught: unknown[] = [];
  const listener = (error: unknown) => uncaught.push(error);
  process.on("unhandledRejection", listener);
  let fail = () => {};
  const answer = () => new Promise((_, reject) => (fail = () => reject(new Error("too late"))));
  await runChecks(doubling(), answer);
  fail();
  await new Promise(setImmediate);
  process.off("unhandledRejection", listener);
  expect(uncaught).toEqual([]);
});

/** An exercise whose solution is a class that counts. */
function counting(): Exercise {
  class Counter {
    count = 0;
    add(): number {
      return ++this.count;
    }
  }
  return defineExercise<new () => { add(): number }>({
    ...doubling(),
    id: "Counter",
    solution: Counter,
    checks: [{ name: "It counts from 1", run: (answer) => equal(new answer().add(), 1) }],
    wrongAnswers: [],
  });
}

test("an exercise may be a class: its answer is made with new, and judged like a function", async () => {
  const from = (first: number): AnyAnswer =>
    class {
      count = first;
      add(): number {
        return this.count++;
      }
    };
  expect((await runChecks(counting(), from(1))).status).toBe("solved");
  expect((await runChecks(counting(), from(0))).status).toBe("failed");
});

test("a class whose members are not written yet is untouched", async () => {
  const stub = class {
    add(): number {
      throw new Error(stubMessage("Counter"));
    }
  };
  expect((await runChecks(counting(), stub)).status).toBe("untouched");
});

test("a function in place of a class counts as missing", async () => {
  const { status, checks } = await runChecks(counting(), () => 1);
  expect(status).toBe("missing");
  expect(checks[0].message).toContain("expected a class named Counter, got [Function");
});
