/** Brings the changes that an answer has made to its arguments back to the arguments themselves. */
import { types } from "node:util";

/** Makes `mine`, an argument, look like `theirs`, the copy that an answer has changed. Leaves out what is frozen. */
export function merge(mine: unknown, theirs: unknown): void {
  try {
    mergeInto(mine, theirs);
  } catch {
    // An argument that cannot be changed was not changed.
  }
}

function mergeInto(mine: unknown, theirs: unknown): void {
  if (mine === theirs || !isSameKind(mine, theirs)) return;
  if (mine instanceof Uint8Array) mine.set(theirs as Uint8Array);
  else if (mine instanceof Map) refill(mine, () => (theirs as typeof mine).forEach((v, k) => mine.set(k, v)));
  else if (mine instanceof Set) refill(mine, () => (theirs as typeof mine).forEach((v) => mine.add(v)));
  else mergeProperties(mine as Properties, theirs as Properties);
}

type Properties = Record<string, unknown>;

function mergeProperties(mine: Properties, theirs: Properties): void {
  if (Array.isArray(mine)) mine.length = (theirs as unknown as unknown[]).length;
  for (const key of Object.keys(mine)) if (!Object.hasOwn(theirs, key)) delete mine[key];
  for (const [key, value] of Object.entries(theirs)) {
    if (Object.hasOwn(mine, key) && isSameKind(mine[key], value)) mergeInto(mine[key], value);
    else Object.defineProperty(mine, key, { value, enumerable: true, writable: true, configurable: true });
  }
}

function refill(collection: { clear(): void }, fill: () => void): void {
  collection.clear();
  fill();
}

/** Whether two values are both of a kind whose content can be changed: bytes of one length, lists, maps, objects. */
function isSameKind(mine: unknown, theirs: unknown): boolean {
  if (typeof mine !== "object" || typeof theirs !== "object" || mine === null || theirs === null)
    return false;
  if (types.isProxy(mine) || types.isProxy(theirs)) return false;
  if (mine instanceof Uint8Array || theirs instanceof Uint8Array)
    return mine instanceof Uint8Array && theirs instanceof Uint8Array && mine.length === theirs.length;
  return kindOf(mine) === kindOf(theirs);
}

function kindOf(thing: object): string {
  return Object.prototype.toString.call(thing);
}
