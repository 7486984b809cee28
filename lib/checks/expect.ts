/**
 * Expectations for the checks of exercises.
 * Each says what was expected and what came, in words for beginners.
 *
 * They use `isDeepStrictEqual` and `inspect` of node:util. So checks load no assertion library into the
 * kernel, and work on every Node.js that we support.
 */
import { inspect, isDeepStrictEqual, types } from "node:util";
import { printable } from "../wire/text";
import { stubIn } from "./exercise";

/**
 * The error of an answer that does not do what it should. Its message is written for the learner.
 * If the answer threw where it should not have, that error is its `cause`.
 */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/** Throws a Mismatch unless `actual` deeply equals `expected`. `what` names it: "the port of …". */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  if (Array.isArray(expected) && Array.isArray(actual)) throw differentLists(what, actual, expected);
  if (isRecord(expected) && isRecord(actual)) throw differentRecords(what, actual, expected);
  const word = kind(actual) === kind(expected) ? show : named;
  throw new Mismatch(`${what}: expected ${word(expected)}, got ${word(actual)}${advice(actual)}`);
}

/**
 * Throws a Mismatch with `sentence` unless `condition` holds.
 * `cause` is the answer's own error, if it is one: the message then shows the line that threw it.
 */
export function expectThat(condition: boolean, sentence: string, cause?: unknown): asserts condition {
  if (!condition) throw new Mismatch(sentence, { cause });
}

/**
 * Returns the error that `call` throws or rejects with. `when` continues "expected an error …"; `lead` says, at the
 * end of a message about what it returned instead, what to do: ": look at the status".
 *
 * @throws Mismatch if it does neither, or throws something that is not an Error.
 */
export async function expectError(when: string, call: () => unknown, lead = ""): Promise<Error> {
  let value: unknown;
  try {
    value = await call();
  } catch (error) {
    if (error instanceof Mismatch || stubIn(error)) throw error;
    if (types.isNativeError(error) || error instanceof Error) return error;
    throw new Mismatch(`expected an Error ${when}, got ${show(error)} thrown: throw new Error("…") instead`);
  }
  throw new Mismatch(`expected an error ${when}, got ${show(value)}${lead}`);
}

/**
 * Returns a value as a learner would write it, safe to show. Cut when it is longer than `length`
 * characters. Never throws.
 */
export function show(value: unknown, length = 120): string {
  const text = typeof value === "string" ? JSON.stringify(value) : inspected(value);
  return printable(text.length > length ? `${text.slice(0, length)} …` : text);
}

/** What Node.js hangs on promises while an `AsyncLocalStorage` runs: no matter of the learner's. */
const ASYNC_SYMBOLS = /,\s*\[Symbol\(async_id_symbol\)\][^]*$/;

function inspected(value: unknown): string {
  try {
    const whole = inspect(value, {
      depth: 3,
      breakLength: Infinity,
      compact: false, // a line for each entry, joined below: else the numbers of a list stand in columns
      maxArrayLength: 8,
      maxStringLength: 120,
    });
    const text = types.isPromise(value) ? whole.replace(ASYNC_SYMBOLS, " }") : whole;
    return text.replace(/\n\s+at .*/g, "").replace(/\s*\n\s*/g, " "); // one line, without stacks
  } catch {
    return "something that cannot be shown";
  }
}

/** Returns a value with the word for its kind before it. */
function named(value: unknown): string {
  return `${kind(value)}${show(value)}`;
}

function kind(value: unknown): string {
  if (typeof value === "string") return "the text ";
  if (typeof value === "number") return "the number ";
  if (Array.isArray(value)) return "the list ";
  return isRecord(value) ? "the object " : "";
}

/** Returns advice on the two most frequent mistakes, a missing `return` and a missing `await`. */
function advice(actual: unknown): string {
  if (actual === undefined) return ". Is a `return` missing, or an `await`?";
  if (types.isPromise(actual)) return ". Is there an `async` too many, or an `await` missing?";
  return "";
}

function differentLists(what: string, actual: unknown[], expected: unknown[]): Mismatch {
  const length = Math.min(actual.length, expected.length);
  for (let i = 0; i < length; i++) {
    if (isDeepStrictEqual(actual[i], expected[i])) continue;
    return nested(`${what}, entry ${i}`, actual[i], expected[i]);
  }
  const odd = actual.length < expected.length ? expected[length] : actual[length];
  const side = actual.length < expected.length ? "missing" : "too many";
  return new Mismatch(
    `${what}: expected ${entries(expected.length)}, got ${actual.length}; the first ${side} is ${show(odd)}`,
  );
}

function differentRecords(
  what: string,
  actual: Record<string, unknown>,
  expected: Record<string, unknown>,
): Mismatch {
  const keys = [...Object.keys(expected), ...Object.keys(actual)];
  const key = keys.find((key) => !isDeepStrictEqual(actual[key], expected[key])) ?? keys[0];
  if (!(key in actual)) return new Mismatch(`${what}: expected ${show(key)} in it, got ${show(actual)}`);
  if (!(key in expected)) return new Mismatch(`${what}: expected no ${show(key)} in it, got ${show(actual)}`);
  return nested(`${what}, ${show(key)}`, actual[key], expected[key]);
}

function nested(what: string, actual: unknown, expected: unknown): Mismatch {
  try {
    expectEqual(what, actual, expected);
  } catch (error) {
    if (error instanceof Mismatch) return error;
  }
  return new Mismatch(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

function entries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !types.isPromise(value);
}
