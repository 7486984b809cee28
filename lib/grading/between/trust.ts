/** Looks at what the other side has sent, before it is believed. */
import { inspect } from "node:util";
import { BadMessage } from "./coded";

/**
 * Returns `value` if it is a string.
 *
 * @throws BadMessage otherwise.
 */
export function text(value: unknown): string {
  return typeof value === "string" ? value : fail(value);
}

/**
 * Returns `value` if it is an integer from 0 up.
 *
 * @throws BadMessage otherwise.
 */
export function whole(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : fail(value);
}

/**
 * Returns `value` if it is a list. What is in it is not looked at.
 *
 * @throws BadMessage otherwise.
 */
export function list<T>(value: readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : fail(value);
}

/** Throws a BadMessage that shows `what`, where an expression is expected. */
export function fail(what: unknown): never {
  throw bad(what);
}

/** Returns a BadMessage that shows `what`: its beginning, since it may be large. */
export function bad(what: unknown): BadMessage {
  return new BadMessage(`not a value: ${inspect(what, { depth: 1 }).slice(0, 200)}`);
}
