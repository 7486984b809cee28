/**
 * Runs an exercise's checks on an answer. The notebook, the grader and the tests all use it.
 *
 * It tells apart an answer that is missing, untouched, wrong, that threw, and that never finished.
 * It always returns a verdict, whatever the answer does, unless the answer stops the process.
 */
import { setMaxListeners } from "node:events";
import { types } from "node:util";
import {
  type AnyAnswer,
  type AnyFunction,
  type Check,
  type Exercise,
  isClass,
  LIMIT_MS,
  stubIn,
  stubMessage,
} from "./exercise";
import { learnerLine } from "./learner-line";
import { Mismatch, show } from "./expect";

export interface CheckResult {
  /** The check's name: what is asked for. */
  name: string;
  passed: boolean;
  /** What was expected and what came; empty when the check passed. */
  message: string;
}

export interface Verdict {
  /** `missing`: no function or class; `untouched`: the original stub; `failed`: at least one check did not pass. */
  status: "solved" | "untouched" | "failed" | "missing";
  checks: CheckResult[];
}

/** The last run of checks that share something with others, such as the global dispatcher of undici. */
let lastAlone: Promise<unknown> = Promise.resolve();
/** The runs of checks that share nothing, started after that one. */
let sharingNothing: Promise<unknown>[] = [];

/**
 * Resolves to the verdict on an answer. Never rejects.
 *
 * Checks of several exercises run at the same time if all of them share nothing (`checksAtOnce`).
 */
export function runChecks(exercise: Exercise, answer: unknown): Promise<Verdict> {
  const before = exercise.checksAtOnce ? lastAlone : Promise.all([lastAlone, ...sharingNothing]);
  const verdict = before.then(() => judge(exercise, answer));
  if (exercise.checksAtOnce) {
    sharingNothing.push(verdict);
  } else {
    lastAlone = verdict;
    sharingNothing = [];
  }
  return verdict;
}

async function judge(exercise: Exercise, answer: unknown): Promise<Verdict> {
  const wantsClass = isClass(exercise.solution as AnyAnswer);
  if (typeof answer !== "function" || (wantsClass && !isClass(answer as AnyAnswer))) {
    const kind = wantsClass ? "class" : "function";
    return allFailed(exercise, "missing", `expected a ${kind} named ${exercise.id}, got ${show(answer)}`);
  }
  const attempts = exercise.checksAtOnce
    ? await Promise.all(exercise.checks.map((check) => attempt(exercise, check, answer as AnyAnswer)))
    : await attemptInTurn(exercise, answer as AnyAnswer);
  if (attempts.some(({ stub }) => stub === exercise.id)) {
    return allFailed(exercise, "untouched", stubMessage(exercise.id));
  }
  const checks = attempts.map(({ name, passed, message }) => ({ name, passed, message }));
  return { status: checks.every(({ passed }) => passed) ? "solved" : "failed", checks };
}

function allFailed(exercise: Exercise, status: Verdict["status"], message: string): Verdict {
  return { status, checks: exercise.checks.map(({ name }) => ({ name, passed: false, message })) };
}

interface Attempt extends CheckResult {
  /** The id of the exercise whose untouched stub was called. */
  stub?: string;
  finished: boolean;
}

/** Runs one check after the other, up to the first that never finishes: the rest would wait as long again. */
async function attemptInTurn(exercise: Exercise, answer: AnyAnswer): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const check of exercise.checks) {
    const stuck = attempts.find(({ finished }) => !finished);
    const message = `not tried, because "${stuck?.name}" never finished`;
    attempts.push(
      stuck
        ? { name: check.name, passed: false, message, finished: true }
        : await attempt(exercise, check, answer),
    );
  }
  return attempts;
}

async function attempt(exercise: Exercise, check: Check, answer: AnyAnswer): Promise<Attempt> {
  const { name, limitMs = LIMIT_MS } = check;
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // a check may open as many peers as it likes
  let stub: string | undefined;
  const watched = watch(answer, (error) => (stub ??= stubIn(error)));
  try {
    await withinLimit(limitMs, () => check.run(watched, controller.signal));
    return { name, passed: true, message: "", finished: true, stub };
  } catch (thrown) {
    const error: unknown = types.isProxy(thrown) ? "a Proxy" : thrown; // looking at a Proxy may throw
    stub ??= stubIn(error);
    const message = stub ? callsStub(exercise.id, stub) : explain(exercise.id, answer, error);
    return { name, passed: false, message, finished: !(error instanceof NeverFinished), stub };
  } finally {
    controller.abort();
  }
}

/**
 * Wraps an answer so that `onError` is called with its errors.
 * An error that comes after the end of the check is no unhandled rejection then.
 */
function watch(answer: AnyAnswer, onError: (error: unknown) => void): AnyAnswer {
  const call = (run: () => unknown): unknown => {
    try {
      const result = run();
      if (types.isPromise(result)) void Promise.prototype.then.call(result, undefined, onError);
      return result;
    } catch (error) {
      onError(error);
      throw error;
    }
  };
  return new Proxy(answer, {
    apply: (target, self, args) => call(() => Reflect.apply(target as AnyFunction, self, args)),
    construct: (target, args) => call(() => Reflect.construct(target, args)) as object,
  });
}

class NeverFinished extends Error {}

async function withinLimit(ms: number, run: () => void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = (ms / 1000).toLocaleString("en-US");
    timer = setTimeout(
      () => reject(new NeverFinished(`never finished: it was given ${seconds} seconds`)),
      ms,
    );
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function callsStub(id: string, stub: string): string {
  return `${id} calls ${stub}, which is not written yet: write it first, or run const ${stub} = useSolution("${stub}");`;
}

function explain(id: string, answer: AnyAnswer, error: unknown): string {
  if (error instanceof Mismatch) return error.message;
  if (error instanceof NeverFinished) return `${id} ${error.message}`;
  const line = types.isNativeError(error) ? learnerLine(answer, error) : undefined;
  return `${id} threw ${errorSummary(error)}${line ? `\n${line}` : ""}`;
}

/** Returns one line about whatever was thrown. Never throws. */
export function errorSummary(error: unknown): string {
  try {
    if (error instanceof Error) return `${error.name}: ${String(error.message).slice(0, 500)}`;
  } catch {
    // An object that throws when it is looked at: shown below as far as possible.
  }
  return `${show(error)}, which is not an Error`;
}
