/**
 * What an exercise is made of. Each has a file of its own in this folder, named by its id; its stub
 * stands in the notebook, its solution is the library's function of that name.
 */
import { types } from "node:util";

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyFunction = (...args: any[]) => any;

export interface Exercise<Answer extends AnyFunction = AnyFunction> {
  /** The name of the function to write. */
  readonly id: string;
  /** The lesson's file name without `.ipynb`: `03-bitnodes-api`. */
  readonly notebook: string;
  readonly title: string;
  readonly points: number;
  /** The library's function of that name. */
  readonly solution: Answer;
  /** Where its source stands, from lib/: `addresses.ts`. */
  readonly source: string;
  /** From a nudge to nearly the answer. */
  readonly hints: readonly [nudge: string, direction: string, recipe: string];
  readonly checks: readonly Check<Answer>[];
  /** Whether the checks may run at the same time: those that wait for sockets, and share nothing. */
  readonly checksAtOnce?: boolean;
  /** What learners plausibly write instead, each with the check that is meant to catch it. */
  readonly wrongAnswers: readonly WrongAnswer<Answer>[];
}

export interface Check<Answer extends AnyFunction = AnyFunction> {
  /** What is asked for, as a sentence: "IPv6 keys are cut at the last colon". */
  readonly name: string;
  /**
   * Tries the answer. Throws a Mismatch when it does something else than it should. `over` is aborted
   * when the check is over, also when the answer never finished: what a check opens, it closes then.
   */
  run(answer: Answer, signal: AbortSignal): void | Promise<void>;
  /** How long the answer may take, in milliseconds, before it counts as never finished. */
  readonly limitMs?: number;
}

export interface WrongAnswer<Answer extends AnyFunction = AnyFunction> {
  /** "cuts at the first colon" */
  readonly name: string;
  /** Name of the check that is meant to catch it. */
  readonly caughtBy: string;
  readonly answer: Answer;
}

/** Gives an exercise its type, so that checks and wrong answers are held against the solution's signature. */
export function defineExercise<Answer extends AnyFunction>(exercise: Exercise<Answer>): Exercise<Answer> {
  return exercise;
}

/** How long an answer may take in one check, in milliseconds, unless the check says otherwise. */
export const LIMIT_MS = 2000;

/** What an untouched stub throws. A check knows by it that an exercise has not been started. */
export function stubMessage(id: string): string {
  return `${id} is not written yet: replace this line with your code.`;
}

/** The id of the exercise whose stub threw `error`, or undefined when something else did. */
export function stubIn(error: unknown): string | undefined {
  if (!types.isNativeError(error) || typeof error.message !== "string") return undefined;
  const [, id] = /^(\w+) is not written yet: /.exec(error.message) ?? [];
  return id !== undefined && error.message === stubMessage(id) ? id : undefined;
}
