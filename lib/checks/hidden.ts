/**
 * Hidden checks: calls with made-up input, which nobody can have memorized, and with the solution as the judge of what
 * is right. A seed makes the same calls for a whole class.
 */
import { isDeepStrictEqual, types } from "node:util";
import { Random } from "../util/random";
import { ByteReader } from "../wire/bytes";
import type { AnyFunction, Check, Exercise } from "./exercise";
import { Mismatch } from "./expect";

const CALLS = 50;
/** How far numbers with a point may differ, for each 1 of their size: sums may be made in any order. */
const ROUNDING = 1e-9;

const LIMIT_MS = 10_000;
const HIDDEN = "not passed; this check is hidden";

/**
 * Returns the hidden check of an exercise; undefined if its answers are more than what they return.
 *
 * The check throws a Mismatch that does not say what it tried.
 */
export function hiddenCheck({ id, solution, randomArguments }: Exercise, seed: number): Check | undefined {
  if (!randomArguments) return undefined;
  return {
    name: `Hidden: ${CALLS} calls with other input`,
    limitMs: LIMIT_MS,
    async run(answer) {
      for (let call = 0; call < CALLS; call++) {
        const make = () => randomArguments(new Random(seed, `${id}/${call}`));
        const expected = await outcomeOf(solution as AnyFunction, make());
        const actual = await outcomeOf(answer as AnyFunction, make());
        if (!isSame(actual, expected)) throw new Mismatch(HIDDEN);
      }
    },
  };
}

/**
 * Returns an instructor's own check so that it shows its title, and nothing of what it tries: it throws a Mismatch in
 * place of whatever the check throws.
 */
export function withoutDetails(check: Check): Check {
  return {
    ...check,
    async run(...given) {
      try {
        await check.run(...given);
      } catch {
        throw new Mismatch(HIDDEN);
      }
    },
  };
}

interface Outcome {
  value?: unknown;
  error?: { code?: unknown };
  /** Where readers among the arguments are after the call. */
  offsets: number[];
}

async function outcomeOf(call: AnyFunction, args: unknown[]): Promise<Outcome> {
  const offsets = () => args.flatMap((arg) => (arg instanceof ByteReader ? [arg.offset] : []));
  try {
    const value = (await call(...args)) as unknown;
    return { value, offsets: offsets() };
  } catch (error) {
    return { error: error as { code?: unknown }, offsets: [] };
  }
}

function isSame(actual: Outcome, expected: Outcome): boolean {
  if (expected.error) {
    const { code } = expected.error;
    return types.isNativeError(actual.error) && (code === undefined || actual.error.code === code);
  }
  return !actual.error && isAlike(actual.value, expected.value) && isAlike(actual.offsets, expected.offsets);
}

/** Returns whether two values are equal but for rounding, and for the classes of what holds bytes. */
function isAlike(actual: unknown, expected: unknown): boolean {
  if (typeof expected === "number" && typeof actual === "number") {
    const isClose = Math.abs(actual - expected) <= ROUNDING * Math.abs(expected);
    return Object.is(actual, expected) || isClose;
  }
  if (expected instanceof Uint8Array)
    return actual instanceof Uint8Array && Buffer.compare(actual, expected) === 0;
  if (Array.isArray(expected) && Array.isArray(actual))
    return actual.length === expected.length && expected.every((value, i) => isAlike(actual[i], value));
  if (expected instanceof Map && actual instanceof Map) return isAlike([...actual], [...expected]);
  if (isRecord(expected) && isRecord(actual))
    return Object.keys(expected).every((key) => isAlike(actual[key], expected[key]));
  return isDeepStrictEqual(actual, expected);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !types.isProxy(value) && !ArrayBuffer.isView(value);
}
