/**
 * The parts of an exercise. Each exercise has its own file in lib/exercises/, in the folder of its lesson.
 * Its stub is in the notebook, and its solution is the library's function or class of that name.
 */
import { types } from "node:util";
import type { Random } from "../util/random";
import type { SharedCalls } from "./shared-calls";

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyFunction = (...args: any[]) => any;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyClass = new (...args: any[]) => any;
/** What a learner writes: a function or a class. */
export type AnyAnswer = AnyFunction | AnyClass;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface Exercise<Answer extends AnyAnswer = any> {
  /** The name of the function or class to write. */
  readonly id: string;
  /** The lesson's file name without `.ipynb`: `03-bitnodes-api`. */
  readonly notebook: string;
  readonly title: string;
  readonly points: number;
  /** The library's function or class of that name. */
  readonly solution: Answer;
  /** The file of the solution, from lib/: `wire/packet.ts`. */
  readonly source: string;
  /** From a nudge to nearly the answer. */
  readonly hints: readonly [nudge: string, direction: string, recipe: string];
  readonly checks: readonly Check<Answer>[];
  /**
   * Makes the arguments of a call, for hidden checks: see hidden.ts. Calls with the same `random` make the same.
   * Only where an answer is a function whose value is all that counts.
   */
  readonly randomArguments?: (random: Random) => unknown[];
  /** Whether the checks may run at the same time: they wait for sockets, and share nothing. */
  readonly checksAtOnce?: boolean;
  /** What learners plausibly write instead, each with the check that must catch it. */
  readonly wrongAnswers: readonly WrongAnswer<Answer>[];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface Check<Answer extends AnyAnswer = any> {
  /** What is asked for, as a sentence: "IPv6 keys are cut at the last colon". */
  readonly name: string;
  /**
   * Tries the answer. `signal` is aborted at the end of the check, also when the answer never finished:
   * a check closes then what it has opened. `shared` is for calls that several checks of the exercise look at.
   *
   * @throws Mismatch when the answer does not do what it should.
   */
  run(answer: Answer, signal: AbortSignal, shared: SharedCalls): void | Promise<void>;
  /** When the answer counts as never finished, in milliseconds. Default: LIMIT_MS. */
  readonly limitMs?: number;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface WrongAnswer<Answer extends AnyAnswer = any> {
  /** What it does, as a predicate: "cuts at the first colon". */
  readonly name: string;
  /** Name of the check that must catch it. */
  readonly caughtBy: string;
  readonly answer: Answer;
  /** What the message of that check must say: what the answer was tried with, and what leads on. */
  readonly message?: RegExp;
}

/**
 * Returns an exercise as it is.
 * TypeScript then compares the signatures of checks and wrong answers with the solution's.
 */
export function defineExercise<Answer extends AnyAnswer>(exercise: Exercise<Answer>): Exercise<Answer> {
  return exercise;
}

/** Returns the lessons of some exercises, in their order. */
export function lessonsOf(exercises: readonly Pick<Exercise, "notebook">[]): string[] {
  return [...new Set(exercises.map(({ notebook }) => notebook))];
}

/** Returns whether an answer is a class: it is called with `new`. */
export function isClass(answer: AnyAnswer): answer is AnyClass {
  return /^class\b/.test(Function.prototype.toString.call(answer));
}

/** How long an answer may take in one check, in milliseconds, unless the check sets its own limit. */
export const LIMIT_MS = 2000;

/** Returns the message of the error that an untouched stub throws, by which a check recognizes the stub. */
export function stubMessage(id: string): string {
  return `${id} is not written yet: replace this line with your code.`;
}

/** Returns the id of the exercise whose stub threw `error`, or undefined if something else threw it. */
export function stubIn(error: unknown): string | undefined {
  if (!types.isNativeError(error) || typeof error.message !== "string") return undefined;
  const [, id] = /^(\w+) is not written yet: /.exec(error.message) ?? [];
  return id !== undefined && error.message === stubMessage(id) ? id : undefined;
}
