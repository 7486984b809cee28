/** Looks at what the other side has sent, before it is believed. */
import { inspect } from "node:util";
import { BadMessage } from "./coded";

export function text(value: unknown): string {
  return typeof value === "string" ? value : fail(value);
}

export function whole(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : fail(value);
}

export function list<T>(value: readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : fail(value);
}

export function fail(what: unknown): never {
  throw bad(what);
}

export function bad(what: unknown): BadMessage {
  return new BadMessage(`not a value: ${inspect(what, { depth: 1 }).slice(0, 200)}`);
}
