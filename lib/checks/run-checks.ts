/**
 * Runs an exercise's checks on an answer. The notebook, the grader and the tests all use it.
 *
 * It tells apart an answer that is missing, untouched, wrong, that threw, and that never finished.
 * It always returns a verdict, whatever the answer does, unless the answer stops the process.
 */
import { setMaxListeners } from "node:events";
import { types } from "node:util";
import { withLimit } from "../kernel/interrupt";
import { formatCount } from "../util/numbers";
import {
  type AnyAnswer,
  type Check,
  type Exercise,
  isClass,
  LIMIT_MS,
  stubIn,
  stubMessage,
} from "./exercise";
import { type Call, WatchedCalls } from "./calls";
import { learnerLine } from "./learner-line";
import { Mismatch, show } from "./expect";
import { SharedCalls } from "./shared-calls";

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
  const trial = { exercise, answer: answer as AnyAnswer, shared: new SharedCalls(), failed: new Map() };
  const attempts = exercise.checksAtOnce
    ? await Promise.all(exercise.checks.map((check) => attempt(trial, check)))
    : await attemptInTurn(trial);
  if (attempts.some(({ stub }) => stub === exercise.id)) {
    return untouched(exercise);
  }
  const checks = attempts.map(({ name, passed, message }) => ({ name, passed, message }));
  return { status: checks.every(({ passed }) => passed) ? "solved" : "failed", checks };
}

/** Returns the verdict on an exercise's original stub. */
export function untouched(exercise: Exercise): Verdict {
  return allFailed(exercise, "untouched", stubMessage(exercise.id));
}

function allFailed(exercise: Exercise, status: Verdict["status"], message: string): Verdict {
  return { status, checks: exercise.checks.map(({ name }) => ({ name, passed: false, message })) };
}

/** An answer, and what the checks that try it have in common. */
interface Trial {
  exercise: Exercise;
  answer: AnyAnswer;
  shared: SharedCalls;
  /** The calls that have thrown, by their errors. */
  failed: Map<unknown, Call>;
}

interface Attempt extends CheckResult {
  /** The id of the exercise whose untouched stub was called. */
  stub?: string;
  finished: boolean;
}

/** Runs one check after the other, up to the first that never finishes: the rest would wait as long again. */
async function attemptInTurn(trial: Trial): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const check of trial.exercise.checks) {
    const stuck = attempts.find(({ finished }) => !finished);
    const message = `not tried, because "${stuck?.name}" never finished`;
    attempts.push(
      stuck ? { name: check.name, passed: false, message, finished: true } : await attempt(trial, check),
    );
  }
  return attempts;
}

async function attempt({ exercise, answer, shared, failed }: Trial, check: Check): Promise<Attempt> {
  const { name, limitMs = LIMIT_MS } = check;
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // a check may open as many peers as it likes
  let stub: string | undefined;
  const calls = new WatchedCalls(exercise.id, answer, failed, (error) => (stub ??= stubIn(error)));
  try {
    await withLimit(
      limitMs,
      () => new NeverFinished(limitMs),
      async () => check.run(calls.answer, controller.signal, shared),
    );
    return { name, passed: true, message: "", finished: true, stub };
  } catch (error) {
    stub ??= stubIn(error);
    const message = stub ? callsStub(exercise.id, stub) : explain(exercise.id, error, calls);
    return { name, passed: false, message, finished: !isNeverFinished(error), stub };
  } finally {
    controller.abort();
  }
}

class NeverFinished extends Error {
  constructor(limitMs: number) {
    super(`never finished: it was given ${formatCount(limitMs / 1000)} seconds`);
  }
}

/** Returns whether this is a NeverFinished. It does not ask a Proxy, which may throw when it is looked at. */
function isNeverFinished(error: unknown): error is NeverFinished {
  return !types.isProxy(error) && error instanceof NeverFinished;
}

function callsStub(id: string, stub: string): string {
  return `${id} calls ${stub}, which is not written yet: write it first, or run const ${stub} = useSolution("${stub}");`;
}

/** Returns what is wrong, where it happened in the learner's code, and what the answer was tried with. */
function explain(id: string, error: unknown, calls: WatchedCalls): string {
  if (types.isProxy(error)) return lines(`${id} threw a Proxy`, tried(calls.inputOf(error)));
  if (error instanceof Mismatch) return lines(error.message, placeOf(error.cause));
  if (isNeverFinished(error)) return lines(`${id} ${error.message}`, tried(calls.inputOfPending()));
  if (!calls.threw(error) && calls.hasReturned) {
    return `${id} returned ${show(calls.returned)}, with which the check cannot go on (${errorSummary(error)})`;
  }
  return lines(`${id} threw ${errorSummary(error)}`, placeOf(error), tried(calls.inputOf(error)));
}

function placeOf(error: unknown): string | undefined {
  return types.isNativeError(error) ? learnerLine(error) : undefined;
}

const TRIED = "tried with ";

function tried(input: string | undefined): string | undefined {
  return input && TRIED + input;
}

/** Returns a message without what the answer was tried with: what went wrong, and where. */
export function withoutInput(message: string): string {
  return message.split(`\n${TRIED}`)[0];
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join("\n");
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
